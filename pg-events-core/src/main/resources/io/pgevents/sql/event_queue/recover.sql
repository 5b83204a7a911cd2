-- Ends leases that are over: the crash counts as the attempt. Parameters: limit.
WITH expired AS MATERIALIZED (
    SELECT id FROM ${schema}.event_queue
    WHERE status = 'processing' AND locked_until < clock_timestamp()
    ORDER BY id
    LIMIT ?
    FOR UPDATE SKIP LOCKED)
UPDATE ${schema}.event_queue q
SET status = CASE WHEN spent THEN 'failed' ELSE 'pending' END,
    process_at = CASE WHEN spent THEN q.process_at ELSE clock_timestamp() - interval '100 milliseconds' END,
    finished_at = CASE WHEN spent THEN clock_timestamp() END,
    last_error = 'The lease of ' || coalesce(q.locked_by, 'a foreign consumer') || ' ended at ' || q.locked_until
        || ': its process died, or the handling took longer than allowed.',
    locked_until = NULL,
    locked_by = NULL
FROM expired
CROSS JOIN LATERAL (
    SELECT e.attempt_count >= coalesce(e.max_attempts, s.max_attempts, 10) AS spent
    FROM ${schema}.event_queue e
    LEFT JOIN ${schema}.event_subscription s ON s.name = e.subscription
    WHERE e.id = expired.id) attempts
WHERE q.id = expired.id
RETURNING q.id, q.subscription, q.status
