-- The registered subscriptions and their topic patterns.
SELECT s.id, s.name, s.ordered, r.topic_pattern
FROM ${schema}.event_subscription s
LEFT JOIN ${schema}.event_route r ON r.subscription_id = s.id
