-- The topics that are routed to the log.
SELECT topic
FROM ${schema}.event_subscription s
CROSS JOIN LATERAL unnest(s.topics) AS topic
WHERE s.name = '$live'
ORDER BY topic
