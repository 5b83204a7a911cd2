-- Hands leased events back whose handling has not begun; the attempt does not count. They are due a little earlier than now,
-- so that a claim that has just begun does not take them for events of the future and their successors for the first. Rows are
-- locked in the order of all statements that end leases. Parameters: ids, owners.
WITH mine AS MATERIALIZED (
    SELECT e.id
    FROM unnest(?::bigint[], ?::text[]) AS held (id, owner)
    JOIN ${schema}.event_queue e ON e.id = held.id AND e.locked_by = held.owner AND e.status = 'processing'
    ORDER BY e.id
    FOR UPDATE OF e)
UPDATE ${schema}.event_queue q
SET status = 'pending', attempt_count = greatest(q.attempt_count - 1, 0),
    process_at = clock_timestamp() - interval '100 milliseconds',
    locked_until = NULL, locked_by = NULL
FROM mine
WHERE q.id = mine.id
