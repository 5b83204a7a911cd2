-- Finishes handled events whose rows this transaction has locked, without keeping them.
-- Parameters: ids, the least, the greatest.
DELETE FROM ${schema}.event_queue
WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND (status = 'pending') IS TRUE
