-- Gives the waiting events of a subscription that has become ordered the shared key. Parameters: subscription.
UPDATE ${schema}.event_queue
SET ordering_key = ''
WHERE subscription = ? AND status = 'pending' AND ordering_key IS NULL
