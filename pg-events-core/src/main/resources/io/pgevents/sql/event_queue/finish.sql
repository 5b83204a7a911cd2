-- Finishes handled events whose rows this transaction has locked, and keeps them.
-- Parameters: attempts made since the claim, ids, the least, the greatest.
UPDATE ${schema}.event_queue
SET status = 'done', attempt_count = attempt_count + ?, finished_at = clock_timestamp()
WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND (status = 'pending') IS TRUE
