-- Parameters: name, ordered, topics and patterns, the patterns as one regular expression or null.
INSERT INTO ${schema}.event_subscription (name, ordered, topics, topic_regex)
VALUES (?, ?, ?::text[], ?)
ON CONFLICT (name) DO UPDATE
SET ordered = excluded.ordered, topics = excluded.topics, topic_regex = excluded.topic_regex
