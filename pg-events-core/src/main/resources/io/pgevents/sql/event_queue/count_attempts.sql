-- Counts the attempt before it is made, for events that may have killed a process. Parameters: ids.
UPDATE ${schema}.event_queue
SET attempt_count = attempt_count + 1
WHERE id = ANY (?::bigint[]) AND status = 'pending'
