-- Proves for as long as the session lives that an instance is alive. Parameters: id.
SELECT pg_advisory_lock('${schema}.event_node'::regclass::oid::integer, ?)
