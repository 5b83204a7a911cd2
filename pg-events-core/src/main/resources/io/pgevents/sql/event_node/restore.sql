-- Puts the row of a running instance back that another instance took for crashed. Parameters: id, name.
INSERT INTO ${schema}.event_node (id, name, listens) VALUES (?, ?, true)
ON CONFLICT (id) DO NOTHING
