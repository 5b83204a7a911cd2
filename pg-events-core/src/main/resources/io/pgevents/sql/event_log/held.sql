-- For how many ms an event is in the log that cannot be pruned because an older transaction has not ended, in whatever database of the
-- server: the oldest of them, or nothing if there is none.
SELECT (extract(epoch FROM statement_timestamp() - l.created_at) * 1000)::bigint AS age
FROM ${schema}.event_log l
WHERE l.transaction_id > pg_snapshot_xmin(pg_current_snapshot())
ORDER BY l.transaction_id, l.id
LIMIT 1
