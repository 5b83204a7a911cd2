-- For idle subscriptions: is anything ready beyond the floor, and when is the next event due?
-- ORDER BY keeps the planner from reading the whole table where a subscription has nothing.
-- Parameters: subscriptions, priorities, floor times, floor ids.
SELECT floor.subscription,
       coalesce(bool_or(ready.found), false) AS ready,
       (extract(epoch FROM min(next.process_at) - statement_timestamp()) * 1000)::bigint AS next_due_ms
FROM unnest(?::text[], ?::smallint[], ?::timestamptz[], ?::bigint[]) AS floor (subscription, priority, process_at, id)
LEFT JOIN LATERAL (
    SELECT true AS found
    FROM ${schema}.event_queue e
    WHERE e.subscription = floor.subscription AND e.status = 'pending' AND e.priority = floor.priority
      AND (e.process_at, e.id) > (floor.process_at, floor.id)
      AND e.process_at <= statement_timestamp()
    ORDER BY e.process_at, e.id
    LIMIT 1) ready ON true
LEFT JOIN LATERAL (
    SELECT e.process_at
    FROM ${schema}.event_queue e
    WHERE e.subscription = floor.subscription AND e.status = 'pending' AND e.priority = floor.priority
      AND e.process_at > statement_timestamp()
    ORDER BY e.process_at
    LIMIT 1) next ON true
GROUP BY floor.subscription
