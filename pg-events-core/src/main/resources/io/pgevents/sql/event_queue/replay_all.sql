-- Gives dead letters of a subscription all their attempts again, due at once, the oldest first. Parameters: subscription, limit.
UPDATE ${schema}.event_queue
SET status = 'pending', attempt_count = 0, process_at = clock_timestamp(), finished_at = NULL
WHERE id IN (
    SELECT id FROM ${schema}.event_queue
    WHERE status = 'failed' AND subscription = ?
    ORDER BY finished_at, id
    LIMIT ?
    FOR UPDATE SKIP LOCKED)
