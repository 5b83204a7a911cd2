-- The newest dead letters, of one subscription or of all. Parameters: subscription or null (twice), limit.
SELECT id, event_id, subscription, topic, type, ordering_key, payload::text AS payload, headers::text AS headers, priority,
       attempt_count, created_at, finished_at, last_error
FROM ${schema}.event_queue
WHERE status = 'failed' AND (?::text IS NULL OR subscription = ?)
ORDER BY finished_at DESC, id DESC
LIMIT ?
