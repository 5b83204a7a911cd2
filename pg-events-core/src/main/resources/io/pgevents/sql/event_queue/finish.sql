-- Finishes handled events whose rows this transaction has locked, and keeps them. Parameters: attempts, ids.
UPDATE ${schema}.event_queue q
SET status = 'done', attempt_count = handled.attempt, finished_at = clock_timestamp()
FROM unnest(?::integer[], ?::bigint[]) AS handled (attempt, id)
WHERE q.id = handled.id AND q.status = 'pending'
