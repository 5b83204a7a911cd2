-- Registers an instance. The lock that proves that it is alive is there before the row is seen by others.
-- Parameters: name, whether it listens, whether this session proves that it is alive.
INSERT INTO ${schema}.event_node (name, listens) VALUES (?, ?)
RETURNING id,
          CASE WHEN ? THEN pg_advisory_lock_shared('${schema}.event_node'::regclass::oid::integer, id) IS NOT NULL END AS proven
