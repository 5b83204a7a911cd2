-- Parameters: subscription id, topic pattern, regular expression or null.
INSERT INTO ${schema}.event_route (subscription_id, topic_pattern, topic_regex)
VALUES (?, ?, ?)
ON CONFLICT (subscription_id, topic_pattern) DO UPDATE SET topic_regex = excluded.topic_regex
