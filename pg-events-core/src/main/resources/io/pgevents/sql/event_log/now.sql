-- Where the log ends now, and where it begins.
SELECT pg_current_snapshot()::text AS upto,
       (SELECT t.oldest::text FROM ${schema}.event_log_tick t WHERE t.pruned ORDER BY t.taken_at DESC LIMIT 1) AS horizon
