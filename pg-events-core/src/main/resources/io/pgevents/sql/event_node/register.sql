-- Parameters: name.
INSERT INTO ${schema}.event_node (name) VALUES (?)
RETURNING id
