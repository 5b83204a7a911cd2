-- What all running instances declare of subscriptions. Parameters: subscriptions.
SELECT subscription AS name, bool_or(ordered) AS ordered, array_agg(DISTINCT topic) AS topics
FROM ${schema}.event_node_topic
WHERE subscription = ANY (?::text[])
GROUP BY subscription
