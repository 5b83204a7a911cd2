-- Appends those broadcasts that are not in the log, in their order: they were tried before, and may have been committed although the
-- answer did not come. An event is found by its id by reading all of the log, which is short. Nobody waits for the disk, as in append.
-- Parameters: event ids, topics, types, keys, headers, payloads; types, keys and headers may be null for all.
WITH settings AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO ${schema}.event_log (event_id, topic, type, ordering_key, headers, payload)
SELECT e.event_id, e.topic, e.type, e.ordering_key, e.headers::jsonb, e.payload::jsonb
FROM settings
CROSS JOIN unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
     WITH ORDINALITY AS e (event_id, topic, type, ordering_key, headers, payload, position)
WHERE NOT EXISTS (SELECT FROM ${schema}.event_log l WHERE l.event_id = e.event_id)
ORDER BY e.position
