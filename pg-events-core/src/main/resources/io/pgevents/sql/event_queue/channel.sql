-- The channel of the wake-up.
SELECT 'pg_events_' || '${schema}.event_queue'::regclass::oid
