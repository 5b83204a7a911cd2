-- Who keeps triggers of tables from being made: who has or awaits a lock of them, or of their partitions, that is not one of a reader. What
-- a role may not see of others is null for it; an autovacuum has no user. The server ends it for whoever waits, unless it prevents wraparound.
-- Parameters: names of tables.
WITH RECURSIVE parts (id) AS (
    SELECT to_regclass(t.name)::oid FROM unnest(?::text[]) AS t (name)
    UNION
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN parts p ON p.id = i.inhparent
)
SELECT DISTINCT
       CASE WHEN l.pid IS NULL THEN 'a prepared transaction (pg_prepared_xacts)'
            ELSE format('pid %s (%s)', l.pid, concat_ws(', ',
                CASE WHEN a.backend_type = 'autovacuum worker' THEN a.query ELSE coalesce(a.usename, 'autovacuum worker') END,
                nullif(a.application_name, ''), a.state, 'query started at ' || a.query_start))
            END AS description,
       coalesce(a.pid IS NOT NULL AND a.usesysid IS NULL AND a.query NOT LIKE '%(to prevent wraparound)', false) AS yields,
       a.xact_start
FROM parts p
JOIN pg_catalog.pg_locks l ON l.relation = p.id AND l.locktype = 'relation'
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
  AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
  AND l.pid IS DISTINCT FROM pg_backend_pid()
  AND (a.pid IS NOT NULL OR l.pid IS NULL)
ORDER BY yields DESC, a.xact_start NULLS FIRST
LIMIT 10
