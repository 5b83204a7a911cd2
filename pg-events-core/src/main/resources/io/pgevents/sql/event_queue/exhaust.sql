-- Makes an event a dead letter for which no attempt is left, unless it was taken by somebody else meanwhile. The error of
-- the last attempt that ended stays readable.
-- Parameters: attempt, error, id, owner or null, attempt count before, owner.
UPDATE ${schema}.event_queue
SET status = 'failed',
    attempt_count = ?,
    last_error = ? || coalesce(E'\n\nBefore that:\n' || last_error, ''),
    finished_at = clock_timestamp(),
    locked_until = NULL,
    locked_by = NULL
WHERE id = ?
  AND CASE WHEN ?::text IS NULL THEN status = 'pending' AND attempt_count = ?
           ELSE status = 'processing' AND locked_by = ? END
