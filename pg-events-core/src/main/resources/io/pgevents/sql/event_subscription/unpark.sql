-- Opens gates this session holds. Parameters: subscriptions.
SELECT name, pg_advisory_unlock('${schema}.event_queue'::regclass::oid::integer, hashtext(name)) AS unparked
FROM unnest(?::text[]) AS name
