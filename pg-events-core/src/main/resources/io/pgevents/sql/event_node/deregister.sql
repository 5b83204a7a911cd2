-- Parameters: id.
DELETE FROM ${schema}.event_node
WHERE id = ?
