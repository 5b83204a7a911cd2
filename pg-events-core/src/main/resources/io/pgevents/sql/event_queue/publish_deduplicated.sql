-- As publish, for events of which some have a de-duplication key: those whose key is taken are left out.
-- Parameters: window in ms, event ids, topics, de-duplication keys; topics without repetition; event ids, topics, types, keys, payloads, headers, priorities, delays in ms,
-- due times, whether each has a de-duplication key.
WITH reserved AS (
    INSERT INTO ${schema}.event_deduplication AS d (topic, deduplication_key, event_id, expires_at)
    SELECT DISTINCT ON (k.topic, k.deduplication_key) k.topic, k.deduplication_key, k.event_id,
           clock_timestamp() + ?::bigint * interval '1 millisecond'
    FROM unnest(?::uuid[], ?::text[], ?::text[]) WITH ORDINALITY AS k (event_id, topic, deduplication_key, position)
    WHERE k.deduplication_key IS NOT NULL
    ORDER BY k.topic, k.deduplication_key, k.position
    ON CONFLICT (topic, deduplication_key) DO UPDATE
        SET event_id = excluded.event_id, expires_at = excluded.expires_at
        WHERE d.expires_at <= clock_timestamp()
    RETURNING event_id),
routes AS MATERIALIZED (
    SELECT t.topic, r.subscription, r.ordered
    FROM unnest(?::text[]) AS t (topic)
    CROSS JOIN LATERAL ${schema}.event_routes(t.topic) r),
events AS MATERIALIZED (
    SELECT e.*
    FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[], ?::bigint[], ?::timestamptz[], ?::boolean[])
         WITH ORDINALITY AS e (event_id, topic, type, ordering_key, payload, headers, priority, delay_ms, due_at, deduplicated, position)
    WHERE NOT e.deduplicated OR e.event_id IN (SELECT event_id FROM reserved)),
inserted AS (
    INSERT INTO ${schema}.event_queue (event_id, subscription, topic, type, ordering_key, payload, headers, priority, process_at)
    SELECT e.event_id, r.subscription, e.topic, e.type,
           CASE WHEN r.ordered THEN coalesce(e.ordering_key, '') ELSE e.ordering_key END,
           e.payload::jsonb, e.headers::jsonb, coalesce(e.priority, 1),
           greatest(clock_timestamp() + coalesce(e.delay_ms, 0) * interval '1 millisecond', e.due_at)
    FROM events e
    LEFT JOIN routes r ON r.topic = e.topic
        AND (r.subscription <> '$live' OR (coalesce(e.delay_ms, 0) = 0 AND e.due_at IS NULL))
    ORDER BY e.position
    RETURNING event_id, subscription,
              CASE WHEN process_at <= clock_timestamp() THEN 0
                   ELSE (extract(epoch FROM process_at - clock_timestamp()) * 1000)::bigint END AS due_in_ms,
              ${schema}.event_wake('${schema}.event_queue'::regclass, subscription, process_at) AS woken)
SELECT event_id, subscription, due_in_ms, woken
FROM inserted
UNION ALL
SELECT e.event_id, r.subscription, 0, false
FROM events e
JOIN routes r ON r.topic = e.topic
WHERE r.subscription = '$live' AND coalesce(e.delay_ms, 0) = 0 AND e.due_at IS NULL
