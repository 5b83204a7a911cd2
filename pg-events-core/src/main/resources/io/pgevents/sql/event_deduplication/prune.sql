-- Deletes de-duplication keys whose window is over. Parameters: limit.
DELETE FROM ${schema}.event_deduplication
WHERE (topic, deduplication_key) IN (
    SELECT topic, deduplication_key FROM ${schema}.event_deduplication
    WHERE expires_at <= clock_timestamp()
    ORDER BY expires_at
    LIMIT ?
    FOR UPDATE SKIP LOCKED)
