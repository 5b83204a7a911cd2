-- Locks the next ready events, the most urgent first. Each priority is scanned from its floor on, lazily: the outer LIMIT
-- stops the scan, so no more rows are locked than are returned.
-- A claim may look back behind its floor, because transactions that have run side by side commit in any order.
-- Parameters: priorities, floor times, floor ids, ms to look back, subscription, known types or null (twice), limit (twice).
SELECT q.id, q.event_id, q.topic, q.type, q.ordering_key, q.payload::text AS payload, q.headers::text AS headers, q.priority,
       q.attempt_count, q.max_attempts, q.created_at, q.process_at
FROM unnest(?::smallint[], ?::timestamptz[], ?::bigint[]) AS given (priority, process_at, id)
CROSS JOIN (SELECT statement_timestamp() - ?::bigint * interval '1 millisecond' AS since) AS recent
CROSS JOIN LATERAL (
    SELECT least(given.process_at, recent.since) AS process_at,
           CASE WHEN given.process_at < recent.since THEN given.id ELSE -1 END AS id) AS floor
CROSS JOIN LATERAL (
    SELECT *
    FROM ${schema}.event_queue e
    WHERE e.subscription = ?
      AND e.status = 'pending'
      AND e.priority = given.priority
      AND (e.process_at, e.id) > (floor.process_at, floor.id)
      AND e.process_at <= statement_timestamp()
      AND (?::text[] IS NULL OR e.type IS NULL OR e.type = ANY (?::text[]))
    ORDER BY e.process_at, e.id
    LIMIT ?
    FOR UPDATE SKIP LOCKED) q
LIMIT ?
