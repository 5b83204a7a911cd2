-- Parameters: name.
DELETE FROM ${schema}.event_subscription
WHERE name = ?
