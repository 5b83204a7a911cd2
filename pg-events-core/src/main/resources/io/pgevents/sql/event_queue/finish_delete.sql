-- Finishes handled events whose rows this transaction has locked, without keeping them. Parameters: ids.
DELETE FROM ${schema}.event_queue
WHERE id = ANY (?::bigint[]) AND status = 'pending'
