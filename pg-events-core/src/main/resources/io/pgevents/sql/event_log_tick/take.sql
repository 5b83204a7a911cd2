-- Notes up to which transaction the log is complete: the oldest in progress, or the one after the last event, if that is less, so
-- that whoever has seen the last event is never behind. Only if the log has changed since the last note, and that is not just now;
-- a note from the future was taken while the clock was wrong, and delays nothing. Parameters: ms between two notes.
INSERT INTO ${schema}.event_log_tick (oldest)
SELECT least(pg_snapshot_xmin(pg_current_snapshot()), (last.transaction_id::text::bigint + 1)::text::xid8)
FROM (SELECT l.transaction_id FROM ${schema}.event_log l ORDER BY l.transaction_id DESC LIMIT 1) AS last
WHERE NOT EXISTS (
    SELECT FROM ${schema}.event_log_tick t
    WHERE t.taken_at > statement_timestamp() - ?::bigint * interval '1 millisecond'
      AND t.taken_at <= statement_timestamp() + interval '1 minute')
  AND last.transaction_id >= coalesce(
      (SELECT t.oldest FROM ${schema}.event_log_tick t ORDER BY t.oldest DESC LIMIT 1), '0'::xid8)
