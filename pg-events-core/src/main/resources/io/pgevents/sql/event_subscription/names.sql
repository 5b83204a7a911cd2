SELECT name FROM ${schema}.event_subscription
ORDER BY name
