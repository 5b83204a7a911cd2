-- Hands leased events back whose handling has not begun; the attempt does not count. They are due a little earlier than now,
-- so that a claim that has just begun does not take them for events of the future and their successors for the first.
-- Parameters: ids, owners.
UPDATE ${schema}.event_queue q
SET status = 'pending', attempt_count = greatest(q.attempt_count - 1, 0), 
    process_at = clock_timestamp() - interval '100 milliseconds',
    locked_until = NULL, locked_by = NULL
FROM unnest(?::bigint[], ?::text[]) AS mine (id, owner)
WHERE q.id = mine.id AND q.status = 'processing' AND q.locked_by = mine.owner
