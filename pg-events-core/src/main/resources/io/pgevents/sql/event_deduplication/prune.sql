-- Deletes de-duplication keys whose window is over, from where the last batch ended: while the horizon is pinned,
-- each batch would else walk over what the others have deleted.
-- Parameters: where the last batch ended, retention in ms, limit.
WITH expired AS MATERIALIZED (
    SELECT topic, deduplication_key
    FROM ${schema}.event_deduplication
    WHERE expires_at >= ?::timestamptz AND expires_at < statement_timestamp() - ?::bigint * interval '1 millisecond'
    ORDER BY expires_at
    LIMIT ?
    FOR UPDATE SKIP LOCKED),
deleted AS (
    DELETE FROM ${schema}.event_deduplication d
    USING expired
    WHERE d.topic = expired.topic AND d.deduplication_key = expired.deduplication_key
    RETURNING d.expires_at)
SELECT count(*) AS deleted, max(expires_at)::text AS up_to FROM deleted
