-- Gives events that wait for their first subscription to the subscriptions that have just registered.
-- The row itself goes to the first of them, copies to the others. Parameters: subscriptions, limit.
WITH waiting AS MATERIALIZED (
    SELECT e.id, r.names[1] AS first_name, r.names, r.ordered
    FROM ${schema}.event_queue e
    CROSS JOIN LATERAL (
        SELECT array_agg(s.name ORDER BY s.name) AS names, array_agg(s.ordered ORDER BY s.name) AS ordered
        FROM ${schema}.event_subscription s
        WHERE s.name = ANY (?::text[]) AND (e.topic = ANY (s.topics) OR ('.' || e.topic) ~ s.topic_regex)) r
    WHERE e.subscription IS NULL AND e.status = 'pending' AND r.names IS NOT NULL
    ORDER BY e.priority, e.process_at, e.id
    LIMIT ?
    FOR UPDATE OF e SKIP LOCKED),
copies AS (
    INSERT INTO ${schema}.event_queue (event_id, subscription, topic, type, ordering_key, payload, headers, priority,
                                       process_at, created_at, max_attempts)
    SELECT e.event_id, copy.name, e.topic, e.type,
           CASE WHEN copy.ordered THEN coalesce(e.ordering_key, '') ELSE e.ordering_key END,
           e.payload, e.headers, e.priority, e.process_at, e.created_at, e.max_attempts
    FROM waiting w
    JOIN ${schema}.event_queue e ON e.id = w.id
    CROSS JOIN LATERAL unnest(w.names[2:], w.ordered[2:]) AS copy (name, ordered))
UPDATE ${schema}.event_queue q
SET subscription = w.first_name,
    ordering_key = CASE WHEN w.ordered[1] THEN coalesce(q.ordering_key, '') ELSE q.ordering_key END
FROM waiting w
WHERE q.id = w.id
