-- One row for each event and subscription of its topic; a row without a subscription for an event that has none yet. Returns
-- where each topic went; rows for $live are diverted into the log by a trigger and do not come back from the INSERT. What is
-- scheduled is not live. Parked consumers are notified: the rows are there by then, so the transaction has its id.
-- Parameters: topics without repetition, event ids, topics, types, keys, payloads, headers, priorities, delays in ms, due times;
-- from the types on an array may be null, which is the default for all.
WITH routes AS MATERIALIZED (
    SELECT t.topic, r.subscription, r.ordered
    FROM unnest(?::text[]) AS t (topic)
    CROSS JOIN LATERAL ${schema}.event_routes(t.topic) r),
inserted AS (
    INSERT INTO ${schema}.event_queue (event_id, subscription, topic, type, ordering_key, payload, headers, priority, process_at)
    SELECT e.event_id, r.subscription, e.topic, e.type,
           CASE WHEN r.ordered THEN coalesce(e.ordering_key, '') ELSE e.ordering_key END,
           e.payload::jsonb, e.headers::jsonb, coalesce(e.priority, 1),
           greatest(clock_timestamp() + coalesce(e.delay_ms, 0) * interval '1 millisecond', e.due_at)
    FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[], ?::bigint[], ?::timestamptz[])
         WITH ORDINALITY AS e (event_id, topic, type, ordering_key, payload, headers, priority, delay_ms, due_at, position)
    LEFT JOIN routes r ON r.topic = e.topic
        AND (r.subscription <> '$live' OR (coalesce(e.delay_ms, 0) = 0 AND e.due_at IS NULL))
    ORDER BY e.position
    RETURNING topic, subscription, process_at)
SELECT topic, subscription,
       CASE WHEN min(process_at) <= clock_timestamp() THEN 0
            ELSE (extract(epoch FROM min(process_at) - clock_timestamp()) * 1000)::bigint END AS due_in_ms,
       ${schema}.event_wake('${schema}.event_queue'::regclass, subscription, min(process_at)) AS woken
FROM inserted
GROUP BY topic, subscription
UNION ALL
SELECT topic, subscription, 0, false
FROM routes
WHERE subscription = '$live'
