-- Forgets crashed instances. Parameters: ids.
DELETE FROM ${schema}.event_node
WHERE id = ANY (?::integer[])
