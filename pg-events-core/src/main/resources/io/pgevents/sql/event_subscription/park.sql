-- Tries to close gates: the subscriptions whose lock this session got are parked. Parameters: subscriptions.
SELECT name, pg_try_advisory_lock('${schema}.event_queue'::regclass::oid::integer, hashtext(name)) AS parked
FROM unnest(?::text[]) AS name
