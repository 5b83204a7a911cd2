-- The columns of a table with the types behind their domains, and whether equal values look equal. Parameters: name.
WITH RECURSIVE columns (number, name, type, sorting) AS (
    SELECT a.attnum, a.attname::text, a.atttypid, a.attcollation
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT c.number, c.name, t.typbasetype, c.sorting
    FROM columns c
    JOIN pg_catalog.pg_type t ON t.oid = c.type
    WHERE t.typtype = 'd'
)
SELECT c.name, t.typname::text AS type, coalesce(k.collisdeterministic, true) AS deterministic
FROM columns c
JOIN pg_catalog.pg_type t ON t.oid = c.type AND t.typtype <> 'd'
LEFT JOIN pg_catalog.pg_collation k ON k.oid = c.sorting
ORDER BY c.number
