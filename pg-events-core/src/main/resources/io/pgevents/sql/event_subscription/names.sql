SELECT name FROM ${schema}.event_subscription
WHERE left(name, 1) <> '$'
ORDER BY name
