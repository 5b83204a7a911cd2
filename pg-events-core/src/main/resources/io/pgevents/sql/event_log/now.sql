-- Where the log ends now, and where it begins, in which life of the server: nothing if it has none yet.
SELECT coalesce((SELECT left(l.id::text, 8) || '-' || l.xmin::text FROM ${schema}.event_log_life l), '') AS life,
       pg_current_snapshot()::text AS upto,
       (SELECT t.oldest::text
        FROM ${schema}.event_log_tick t
        WHERE t.pruned AND t.oldest <= pg_snapshot_xmax(pg_current_snapshot())
        ORDER BY t.oldest DESC
        LIMIT 1) AS horizon
