-- Counts the attempt before it is made, for events that may have killed a process. They are due later, so that nobody
-- else takes them before they are locked again. Parameters: ids, the least, the greatest.
UPDATE ${schema}.event_queue
SET attempt_count = attempt_count + 1, process_at = clock_timestamp() + interval '5 seconds'
WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND (status = 'pending') IS TRUE
