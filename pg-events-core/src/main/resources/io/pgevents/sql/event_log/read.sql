-- The events of the log that a snapshot has not seen and another one has, in the order in which they were written: that of a row's
-- changes, also if a transaction had its id before it had to wait for the row. The other snapshot is that of this statement, unless
-- it is given. What was committed since the first lies from its xmax on, or belongs to a transaction that was in progress in it.
-- Comes with the other snapshot, with where the log begins, and with the life of the server, or an empty text if it has none yet;
-- one row without an event if there is none. A horizon from the future is that of another server.
-- The inner order makes the planner take the index, whatever it thinks of the size of the range.
-- Parameters: the other snapshot or null; the last transaction that the first one knows of, the last event that was read, topics or
-- null (twice), a regular expression or null, the most events or null; the first snapshot, and again the last event, topics (twice),
-- expression and the most events; how large all payloads before the last one may be, or null.
WITH bounds AS MATERIALIZED (
    SELECT coalesce(?::pg_snapshot, pg_current_snapshot()) AS upto,
           (SELECT t.oldest
            FROM ${schema}.event_log_tick t
            WHERE t.pruned AND t.oldest <= pg_snapshot_xmax(pg_current_snapshot())
            ORDER BY t.oldest DESC
            LIMIT 1) AS horizon,
           coalesce((SELECT left(l.id::text, 8) || '-' || l.xmin::text FROM ${schema}.event_log_life l), '') AS life)
SELECT page.*
FROM (
    SELECT bounds.life, bounds.upto::text AS upto, bounds.horizon::text AS horizon, e.*,
           sum(octet_length(e.payload)) OVER (ROWS UNBOUNDED PRECEDING) AS bytes
    FROM bounds
    LEFT JOIN LATERAL (
        SELECT l.transaction_id::text AS transaction_id, l.id, l.event_id, l.created_at, l.topic, l.type, l.ordering_key,
               l.headers::text AS headers, l.payload::text AS payload
        FROM (
            (SELECT n.*
             FROM ${schema}.event_log n
             WHERE n.transaction_id > ?::xid8
               AND n.transaction_id < pg_snapshot_xmax(bounds.upto)
               AND pg_visible_in_snapshot(n.transaction_id, bounds.upto)
               AND n.id > ?::bigint
               AND (?::text[] IS NULL OR n.topic = ANY (?::text[]) OR ('.' || n.topic) ~ ?)
             ORDER BY n.transaction_id, n.id
             LIMIT ?::bigint)
            UNION ALL
            (SELECT n.*
             FROM pg_snapshot_xip(?::pg_snapshot) AS over (transaction_id)
             CROSS JOIN LATERAL (
                 SELECT o.*
                 FROM ${schema}.event_log o
                 WHERE o.transaction_id = over.transaction_id
                   AND o.id > ?::bigint
                   AND (?::text[] IS NULL OR o.topic = ANY (?::text[]) OR ('.' || o.topic) ~ ?)
                 ORDER BY o.transaction_id, o.id
                 LIMIT ?::bigint) n
             WHERE pg_visible_in_snapshot(over.transaction_id, bounds.upto))) l
        ORDER BY l.id) e ON true) AS page
WHERE (page.bytes - octet_length(page.payload) < ?::bigint) IS NOT FALSE
