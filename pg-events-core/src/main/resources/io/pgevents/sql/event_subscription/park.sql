-- Tries to close gates: the subscriptions whose lock this session got are parked. Parameters: subscriptions.
SELECT s.name, pg_try_advisory_lock('${schema}.event_queue'::regclass::oid::integer, s.id) AS parked
FROM ${schema}.event_subscription s
WHERE s.name = ANY (?::text[])
