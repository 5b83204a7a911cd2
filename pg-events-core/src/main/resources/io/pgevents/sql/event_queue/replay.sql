-- Gives a dead letter all its attempts again, due at once. Parameters: id.
UPDATE ${schema}.event_queue
SET status = 'pending', attempt_count = 0, process_at = clock_timestamp(), finished_at = NULL
WHERE id = ? AND status = 'failed'
