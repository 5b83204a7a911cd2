-- Deletes the oldest dead letters whose retention is over, from where the last batch ended: while the horizon is pinned,
-- each batch would else walk over what the others have deleted.
-- Parameters: where the last batch ended, retention in ms, limit.
WITH expired AS MATERIALIZED (
    SELECT id
    FROM ${schema}.event_queue
    WHERE status = 'failed' AND finished_at >= ?::timestamptz AND finished_at < statement_timestamp() - ?::bigint * interval '1 millisecond'
    ORDER BY finished_at, id
    LIMIT ?
    FOR UPDATE SKIP LOCKED),
deleted AS (
    DELETE FROM ${schema}.event_queue d
    USING expired
    WHERE d.id = expired.id
    RETURNING d.finished_at)
SELECT count(*) AS deleted, max(finished_at)::text AS up_to FROM deleted
