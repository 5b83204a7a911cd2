-- Finishes leased events and keeps them; a stale owner changes nothing. Parameters: ids, owners.
WITH mine AS MATERIALIZED (
    SELECT e.id
    FROM unnest(?::bigint[], ?::text[]) AS handled (id, owner)
    JOIN ${schema}.event_queue e ON e.id = handled.id AND e.locked_by = handled.owner AND e.status = 'processing'
    ORDER BY e.id
    FOR UPDATE OF e)
UPDATE ${schema}.event_queue q
SET status = 'done', finished_at = clock_timestamp(), locked_until = NULL, locked_by = NULL
FROM mine
WHERE q.id = mine.id
RETURNING q.id
