-- Opens gates this session holds. Parameters: subscriptions.
SELECT s.name, pg_advisory_unlock('${schema}.event_queue'::regclass::oid::integer, s.id) AS unparked
FROM ${schema}.event_subscription s
WHERE s.name = ANY (?::text[])
