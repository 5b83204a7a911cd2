-- As publish, for a single event that is due now: plain parameters, and few expressions, as each has its price at every start of
-- the statement. An event that is only live comes back in no row.
-- Parameters: event id, type, key, key, payload, headers, priority, topic.
INSERT INTO ${schema}.event_queue (event_id, subscription, topic, type, ordering_key, payload, headers, priority)
SELECT ?::uuid, r.subscription, e.topic, ?::text, CASE WHEN r.ordered THEN coalesce(?::text, '') ELSE ?::text END, ?::jsonb,
       ?::jsonb, coalesce(?::smallint, 1)
FROM (VALUES (?::text)) AS e (topic)
LEFT JOIN LATERAL ${schema}.event_routes(e.topic) r ON true
RETURNING subscription, ${schema}.event_wake('${schema}.event_queue'::regclass, subscription, process_at) AS woken
