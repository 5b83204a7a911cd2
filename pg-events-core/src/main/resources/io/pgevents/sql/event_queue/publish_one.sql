-- As publish, for a single event: plain parameters cost less than arrays. An event that is only live comes back in no row.
-- Parameters: event id, topic, type, key, payload, headers, priority, delay in ms, due time.
INSERT INTO ${schema}.event_queue (event_id, subscription, topic, type, ordering_key, payload, headers, priority, process_at)
SELECT e.event_id, r.subscription, e.topic, e.type,
       CASE WHEN r.ordered THEN coalesce(e.ordering_key, '') ELSE e.ordering_key END,
       e.payload::jsonb, e.headers::jsonb, coalesce(e.priority, 1),
       greatest(clock_timestamp() + coalesce(e.delay_ms, 0) * interval '1 millisecond', e.due_at)
FROM (VALUES (?::uuid, ?::text, ?::text, ?::text, ?::text, ?::text, ?::smallint, ?::bigint, ?::timestamptz))
     AS e (event_id, topic, type, ordering_key, payload, headers, priority, delay_ms, due_at)
LEFT JOIN LATERAL ${schema}.event_routes(e.topic) r
    ON r.subscription <> '$live' OR (coalesce(e.delay_ms, 0) = 0 AND e.due_at IS NULL)
RETURNING topic, subscription,
          CASE WHEN process_at <= clock_timestamp() THEN 0
               ELSE (extract(epoch FROM process_at - clock_timestamp()) * 1000)::bigint END AS due_in_ms,
          ${schema}.event_wake('${schema}.event_queue'::regclass, subscription, process_at) AS woken
