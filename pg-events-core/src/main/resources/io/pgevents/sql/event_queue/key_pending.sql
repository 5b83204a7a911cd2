-- Gives the events of a subscription that has become ordered the shared key, also those that may wait again. Parameters: subscription.
UPDATE ${schema}.event_queue
SET ordering_key = ''
WHERE subscription = ? AND status <> 'done' AND ordering_key IS NULL
