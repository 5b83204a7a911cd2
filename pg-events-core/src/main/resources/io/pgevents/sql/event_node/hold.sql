-- Shared, because the server may not have noticed yet that an earlier session of the same instance is dead.
-- Proves for as long as the session lives that an instance is alive. Parameters: id.
SELECT pg_advisory_lock_shared('${schema}.event_node'::regclass::oid::integer, ?)
