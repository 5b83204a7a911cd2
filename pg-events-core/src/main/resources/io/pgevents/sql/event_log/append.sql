-- Appends broadcasts, in their order. Nobody waits for the disk: they may be lost until they are there anyway.
-- Parameters: event ids, topics, types, keys, headers, payloads; types, keys and headers may be null for all.
WITH settings AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO ${schema}.event_log (event_id, topic, type, ordering_key, headers, payload)
SELECT e.event_id, e.topic, e.type, e.ordering_key, e.headers::jsonb, e.payload::jsonb
FROM settings
CROSS JOIN unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
     WITH ORDINALITY AS e (event_id, topic, type, ordering_key, headers, payload, position)
ORDER BY e.position
