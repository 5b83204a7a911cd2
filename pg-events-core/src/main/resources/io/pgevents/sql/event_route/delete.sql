-- Parameters: subscription id, topic patterns that stay.
DELETE FROM ${schema}.event_route
WHERE subscription_id = ? AND topic_pattern <> ALL (?::text[])
