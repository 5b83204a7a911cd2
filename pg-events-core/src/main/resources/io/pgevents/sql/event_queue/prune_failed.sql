-- Deletes the oldest dead letters whose retention is over. Parameters: retention in ms, limit.
DELETE FROM ${schema}.event_queue
WHERE id IN (
    SELECT id FROM ${schema}.event_queue
    WHERE status = 'failed' AND finished_at < clock_timestamp() - ?::bigint * interval '1 millisecond'
    ORDER BY finished_at, id
    LIMIT ?
    FOR UPDATE SKIP LOCKED)
