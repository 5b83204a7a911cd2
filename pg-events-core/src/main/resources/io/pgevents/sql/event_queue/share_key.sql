-- Gives events of an ordered subscription that have no key the shared one. Parameters: ids, the least, the greatest.
UPDATE ${schema}.event_queue
SET ordering_key = ''
WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND (status = 'pending') IS TRUE AND ordering_key IS NULL
