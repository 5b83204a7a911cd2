-- Instances that have declared topics and should prove that they are alive, but nobody holds their lock: they have crashed, or are
-- just connecting again.
SELECT n.id
FROM ${schema}.event_node n
WHERE n.listens
  AND EXISTS (SELECT FROM ${schema}.event_node_topic t WHERE t.node = n.id)
  AND NOT EXISTS (
    SELECT FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid = '${schema}.event_node'::regclass::oid AND l.objid = n.id::bigint::oid AND l.objsubid = 2)
