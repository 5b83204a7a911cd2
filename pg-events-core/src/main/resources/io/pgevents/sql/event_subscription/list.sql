-- The registered subscriptions.
SELECT id, name, ordered, topics
FROM ${schema}.event_subscription
