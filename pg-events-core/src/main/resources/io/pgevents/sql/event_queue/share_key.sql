-- Gives events of an ordered subscription that have no key the shared one. Parameters: ids.
UPDATE ${schema}.event_queue
SET ordering_key = ''
WHERE id = ANY (?::bigint[]) AND status = 'pending' AND ordering_key IS NULL
