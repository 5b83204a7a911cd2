-- Transaction ids from the future are those of another server, from which this database was restored.
WITH ticks AS (
    DELETE FROM ${schema}.event_log_tick
    WHERE oldest > pg_snapshot_xmax(pg_current_snapshot()))
DELETE FROM ${schema}.event_log
WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
