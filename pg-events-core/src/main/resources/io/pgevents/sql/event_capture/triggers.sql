-- The triggers that are there. Those of partitions are clones and belong to the table.
SELECT n.nspname, c.relname, t.oid::bigint AS id, t.xmin::text AS version, t.tgname, t.tgenabled IN ('D', 'R') AS disabled,
       obj_description(t.oid, 'pg_trigger') AS comment
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE t.tgfoid = '${schema}.event_capture_change'::regproc AND t.tgparentid = 0
