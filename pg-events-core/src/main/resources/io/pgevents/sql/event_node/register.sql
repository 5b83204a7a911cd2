-- Parameters: name, whether it listens.
INSERT INTO ${schema}.event_node (name, listens) VALUES (?, ?)
RETURNING id
