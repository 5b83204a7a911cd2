-- Locks events whose attempt has just been counted. Parameters: ids, attempt counts.
SELECT q.id
FROM unnest(?::bigint[], ?::integer[]) AS claimed (id, attempt_count)
JOIN LATERAL (
    SELECT e.id FROM ${schema}.event_queue e
    WHERE e.id = claimed.id AND e.attempt_count = claimed.attempt_count AND e.status = 'pending'
    FOR UPDATE SKIP LOCKED) q ON true
