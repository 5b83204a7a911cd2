-- The registered subscriptions.
SELECT name, ordered, topics
FROM ${schema}.event_subscription
WHERE left(name, 1) <> '$'
