-- Parameters: name, ordered.
INSERT INTO ${schema}.event_subscription (name, ordered)
VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET ordered = excluded.ordered
RETURNING id
