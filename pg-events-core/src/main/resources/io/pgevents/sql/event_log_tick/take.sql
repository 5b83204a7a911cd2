-- Notes the oldest transaction in progress, if the log has changed since the last note, and that is not just now.
-- Parameters: ms between two notes.
INSERT INTO ${schema}.event_log_tick (oldest)
SELECT pg_snapshot_xmin(pg_current_snapshot())
WHERE NOT EXISTS (
    SELECT FROM ${schema}.event_log_tick t
    WHERE t.taken_at > statement_timestamp() - ?::bigint * interval '1 millisecond')
  AND EXISTS (
    SELECT FROM ${schema}.event_log l
    WHERE l.transaction_id >= coalesce(
        (SELECT t.oldest FROM ${schema}.event_log_tick t ORDER BY t.taken_at DESC LIMIT 1), '0'::xid8))
