-- A table by its name as in SQL. The owner is null unless the table is partitioned and he may not execute the function, without which
-- nobody can make a partition that gets triggers. Parameters: name.
SELECT n.nspname, c.relname, c.oid::bigint AS id, c.relkind IN ('r', 'p') AS is_table,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       ARRAY(SELECT a.attname::text
             FROM pg_catalog.pg_index i
             CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, position)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
             WHERE i.indrelid = c.oid AND i.indisprimary AND k.position <= i.indnkeyatts
             ORDER BY k.position) AS key_columns,
       CASE WHEN c.relkind = 'p'
                 AND NOT has_function_privilege(c.relowner, '${schema}.event_capture_change()', 'EXECUTE')
            THEN c.relowner::regrole::text END AS powerless_owner
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass(?)
