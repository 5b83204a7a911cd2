-- Hands leased events back whose handling has not begun; the attempt does not count. Parameters: ids, owners.
UPDATE ${schema}.event_queue q
SET status = 'pending', attempt_count = greatest(q.attempt_count - 1, 0), process_at = clock_timestamp(),
    locked_until = NULL, locked_by = NULL
FROM unnest(?::bigint[], ?::text[]) AS mine (id, owner)
WHERE q.id = mine.id AND q.status = 'processing' AND q.locked_by = mine.owner
