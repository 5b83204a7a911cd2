-- The keys of the next ready events of an ordered subscription, without locks: each priority from its floor on. An event that
-- somebody has locked since its last change, and perhaps still has, is told apart.
-- A claim may look back behind its floor, because transactions that have run side by side commit in any order.
-- Parameters: priorities, floor times, floor ids, ms to look back, subscription, known types or null (twice), limit (twice).
SELECT q.ordering_key, q.priority, q.process_at, q.id, q.locked
FROM unnest(?::smallint[], ?::timestamptz[], ?::bigint[]) AS given (priority, process_at, id)
CROSS JOIN (SELECT statement_timestamp() - ?::bigint * interval '1 millisecond' AS since) AS recent
CROSS JOIN LATERAL (
    SELECT least(given.process_at, recent.since) AS process_at,
           CASE WHEN given.process_at < recent.since THEN given.id ELSE -1 END AS id) AS floor
CROSS JOIN LATERAL (
    SELECT e.ordering_key, e.priority, e.process_at, e.id, e.xmax <> '0' AS locked
    FROM ${schema}.event_queue e
    WHERE e.subscription = ?
      AND e.status = 'pending'
      AND e.priority = given.priority
      AND (e.process_at, e.id) > (floor.process_at, floor.id)
      AND e.process_at <= statement_timestamp()
      AND (?::text[] IS NULL OR e.type IS NULL OR e.type = ANY (?::text[]))
    ORDER BY e.process_at, e.id
    LIMIT ?) q
LIMIT ?
