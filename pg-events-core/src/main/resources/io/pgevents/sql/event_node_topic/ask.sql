-- Forgets what instances have declared that have not answered for an hour, and asks those that declare something else of
-- subscriptions than this one whether they still run: of the others nothing depends on it. The row of an instance stays, which
-- may be the trace of a crash. Parameters: id of this instance, subscriptions.
WITH gone AS (
    DELETE FROM ${schema}.event_node_topic
    WHERE asked_at < statement_timestamp() - interval '1 hour')
UPDATE ${schema}.event_node_topic t
SET asked_at = statement_timestamp()
FROM (VALUES (?::integer)) AS this (node)
WHERE t.asked_at IS NULL AND t.node <> this.node AND t.subscription = ANY (?::text[])
  AND NOT EXISTS (
    SELECT FROM ${schema}.event_node_topic own
    WHERE own.node = this.node AND own.subscription = t.subscription AND own.topic = t.topic AND own.ordered = t.ordered)
