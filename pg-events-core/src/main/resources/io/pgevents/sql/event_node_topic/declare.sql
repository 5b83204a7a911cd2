-- Notes what a running instance declares, or finds it noted. Its row may be gone, if another instance took it for crashed.
-- Parameters: subscriptions, topics, whether they are ordered, id of the instance.
INSERT INTO ${schema}.event_node_topic (node, subscription, topic, ordered)
SELECT n.id, declared.subscription, declared.topic, declared.ordered
FROM ${schema}.event_node n
CROSS JOIN unnest(?::text[], ?::text[], ?::boolean[]) AS declared (subscription, topic, ordered)
WHERE n.id = ?
ON CONFLICT DO NOTHING
