-- Notes what a running instance declares, or finds it noted, and answers whoever has asked whether it still runs. Its row may be
-- gone, if another instance took it for crashed. Parameters: id of the instance, subscriptions, topics, whether they are ordered, id.
WITH answer AS (
    UPDATE ${schema}.event_node_topic
    SET asked_at = NULL
    WHERE node = ? AND asked_at IS NOT NULL)
INSERT INTO ${schema}.event_node_topic (node, subscription, topic, ordered)
SELECT n.id, declared.subscription, declared.topic, declared.ordered
FROM ${schema}.event_node n
CROSS JOIN unnest(?::text[], ?::text[], ?::boolean[]) AS declared (subscription, topic, ordered)
WHERE n.id = ?
ON CONFLICT DO NOTHING
