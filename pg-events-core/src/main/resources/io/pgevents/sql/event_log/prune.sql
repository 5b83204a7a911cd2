-- Deletes the oldest events that lie before the horizon, from where the last batch ended. Parameters: the last event of the batch
-- before, as transaction and id; limit.
WITH expired AS MATERIALIZED (
    SELECT l.transaction_id, l.id
    FROM ${schema}.event_log l
    WHERE (l.transaction_id, l.id) > (?::xid8, ?::bigint)
      AND l.transaction_id < (
          SELECT t.oldest
          FROM ${schema}.event_log_tick t
          WHERE t.pruned AND t.oldest <= pg_snapshot_xmax(pg_current_snapshot())
          ORDER BY t.oldest DESC
          LIMIT 1)
    ORDER BY l.transaction_id, l.id
    LIMIT ?
    FOR UPDATE SKIP LOCKED),
deleted AS (
    DELETE FROM ${schema}.event_log d
    USING expired
    WHERE d.transaction_id = expired.transaction_id AND d.id = expired.id
    RETURNING d.transaction_id, d.id)
SELECT count(*) OVER () AS deleted, transaction_id::text AS transaction_id, id
FROM deleted
ORDER BY deleted.transaction_id DESC, deleted.id DESC
LIMIT 1
