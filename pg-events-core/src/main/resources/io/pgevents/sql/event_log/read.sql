-- The next events of the log: what a snapshot has not seen and another one has, in the order of transactions. The other one is
-- that of this statement, unless it is given. What was committed since the first lies from its xmax on, or belongs to a
-- transaction that was in progress in it. Comes with the other snapshot, and with where the log begins; one row without an event
-- if there is none.
-- One row comparison bounds the range: beside another lower bound the scan could start at the wrong one of the two.
-- Parameters: the other snapshot or null; after which transaction and id the range begins, topics or null (twice), a regular
-- expression or null; the first snapshot, the last event that was read as transaction and id, topics (twice), expression.
WITH bounds AS MATERIALIZED (
    SELECT coalesce(?::pg_snapshot, pg_current_snapshot()) AS upto,
           (SELECT t.oldest FROM ${schema}.event_log_tick t WHERE t.pruned ORDER BY t.taken_at DESC LIMIT 1) AS horizon)
SELECT bounds.upto::text AS upto, bounds.horizon::text AS horizon, e.*
FROM bounds
LEFT JOIN LATERAL (
    SELECT l.transaction_id::text AS transaction_id, l.id, l.event_id, l.created_at, l.topic, l.type, l.ordering_key,
           l.headers::text AS headers, l.payload::text AS payload
    FROM (
        (SELECT n.*
         FROM ${schema}.event_log n
         WHERE (n.transaction_id, n.id) > (?::xid8, ?::bigint)
           AND n.transaction_id < pg_snapshot_xmax(bounds.upto)
           AND pg_visible_in_snapshot(n.transaction_id, bounds.upto)
           AND (?::text[] IS NULL OR n.topic = ANY (?::text[]) OR ('.' || n.topic) ~ ?)
         ORDER BY n.transaction_id, n.id
         LIMIT 200)
        UNION ALL
        (SELECT n.*
         FROM pg_snapshot_xip(?::pg_snapshot) AS over (transaction_id)
         CROSS JOIN LATERAL (
             SELECT o.*
             FROM ${schema}.event_log o
             WHERE o.transaction_id = over.transaction_id AND (o.transaction_id, o.id) > (?::xid8, ?::bigint)
               AND (?::text[] IS NULL OR o.topic = ANY (?::text[]) OR ('.' || o.topic) ~ ?)
             ORDER BY o.transaction_id, o.id
             LIMIT 200) n
         WHERE pg_visible_in_snapshot(over.transaction_id, bounds.upto)
         ORDER BY n.transaction_id, n.id
         LIMIT 200)) l
    ORDER BY l.transaction_id, l.id
    LIMIT 200) e ON true
