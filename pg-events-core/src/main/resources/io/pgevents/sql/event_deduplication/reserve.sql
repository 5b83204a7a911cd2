-- Reserves de-duplication keys for the window; returns the events that may be published.
-- Parameters: window in ms, event ids, topics, keys.
INSERT INTO ${schema}.event_deduplication AS d (topic, deduplication_key, event_id, expires_at)
SELECT DISTINCT ON (k.topic, k.deduplication_key) k.topic, k.deduplication_key, k.event_id,
       clock_timestamp() + ?::bigint * interval '1 millisecond'
FROM unnest(?::uuid[], ?::text[], ?::text[]) WITH ORDINALITY AS k (event_id, topic, deduplication_key, position)
ORDER BY k.topic, k.deduplication_key, k.position
ON CONFLICT (topic, deduplication_key) DO UPDATE
    SET event_id = excluded.event_id, expires_at = excluded.expires_at
    WHERE d.expires_at <= clock_timestamp()
RETURNING event_id
