-- Of keys this transaction holds, those of which an event is in process under a lease. A statement of its own, because it must
-- see what was committed before the keys were taken. Parameters: subscription, keys.
SELECT DISTINCT ordering_key
FROM ${schema}.event_queue
WHERE status = 'processing' AND subscription = ? AND ordering_key = ANY (?::text[])
