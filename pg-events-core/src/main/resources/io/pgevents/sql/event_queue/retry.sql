-- Gives an event another attempt later, unless it was taken by somebody else meanwhile.
-- Parameters: attempt, delay in ms, error, id, owner or null, attempt count before, owner.
UPDATE ${schema}.event_queue
SET status = 'pending',
    attempt_count = ?,
    process_at = clock_timestamp() + ?::bigint * interval '1 millisecond',
    last_error = ?,
    locked_until = NULL,
    locked_by = NULL
WHERE id = ?
  AND CASE WHEN ?::text IS NULL THEN status = 'pending' AND attempt_count = ?
           ELSE status = 'processing' AND locked_by = ? END
