-- Instances that are not provably alive: nobody holds their lock. Parameters: own id.
SELECT n.id
FROM ${schema}.event_node n
WHERE n.id <> ?
  AND NOT EXISTS (
    SELECT FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid = '${schema}.event_node'::regclass::oid AND l.objid = n.id::bigint::oid AND l.objsubid = 2)
