-- Deletes the oldest finished events whose retention is over. Parameters: retention in ms, limit.
DELETE FROM ${schema}.event_queue
WHERE id IN (
    SELECT id FROM ${schema}.event_queue
    WHERE status = 'done' AND finished_at < clock_timestamp() - ?::bigint * interval '1 millisecond'
    ORDER BY finished_at
    LIMIT ?
    FOR UPDATE SKIP LOCKED)
