-- Gives events that wait for their first subscription to the subscriptions that have just registered: looks at one page of what
-- waits. The row itself goes to the first of them, copies to the others. Returns where the page has ended, and nothing for an
-- empty one.
-- Parameters: where the last page has ended (priority, time, id), limit, subscriptions.
WITH page AS MATERIALIZED (
    SELECT e.id, e.topic, e.priority, e.process_at
    FROM ${schema}.event_queue e
    WHERE e.subscription IS NULL AND e.status = 'pending'
      AND (e.priority, e.process_at, e.id) > (?::smallint, ?::timestamptz, ?::bigint)
    -- As in the index event_queue_claim, or all of them would be read and sorted for each page.
    ORDER BY e.subscription, e.priority, e.process_at, e.id
    LIMIT ?),
waiting AS MATERIALIZED (
    SELECT free.id, r.names[1] AS first_name, r.names, r.ordered
    FROM page
    CROSS JOIN LATERAL (
        SELECT array_agg(s.name ORDER BY s.name) AS names, array_agg(s.ordered ORDER BY s.name) AS ordered
        FROM ${schema}.event_subscription s
        WHERE s.name = ANY (?::text[]) AND (page.topic = ANY (s.topics) OR ('.' || page.topic) ~ s.topic_regex)) r
    CROSS JOIN LATERAL (
        SELECT e.id
        FROM ${schema}.event_queue e
        WHERE e.id = page.id AND e.subscription IS NULL AND e.status = 'pending' AND r.names IS NOT NULL
        FOR UPDATE SKIP LOCKED) free),
copies AS (
    INSERT INTO ${schema}.event_queue (event_id, subscription, topic, type, ordering_key, payload, headers, priority,
                                       process_at, created_at, max_attempts)
    SELECT e.event_id, copy.name, e.topic, e.type,
           CASE WHEN copy.ordered THEN coalesce(e.ordering_key, '') ELSE e.ordering_key END,
           e.payload, e.headers, e.priority, e.process_at, e.created_at, e.max_attempts
    FROM waiting w
    JOIN ${schema}.event_queue e ON e.id = w.id
    CROSS JOIN LATERAL unnest(w.names[2:], w.ordered[2:]) AS copy (name, ordered)),
adopted AS (
    UPDATE ${schema}.event_queue q
    SET subscription = w.first_name,
        ordering_key = CASE WHEN w.ordered[1] THEN coalesce(q.ordering_key, '') ELSE q.ordering_key END
    FROM waiting w
    WHERE q.id = w.id
    RETURNING q.id)
SELECT (SELECT count(*) FROM adopted) AS adopted, priority, process_at::text AS process_at, id
FROM page
ORDER BY priority DESC, process_at DESC, id DESC
LIMIT 1
