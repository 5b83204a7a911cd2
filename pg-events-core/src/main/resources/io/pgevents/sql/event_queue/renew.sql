-- Renews leases; an event that is not ours any more is left alone. Rows are locked in the order of all statements that end
-- leases. Parameters: leases in ms, ids, owners.
WITH mine AS MATERIALIZED (
    SELECT e.id, held.lease_ms
    FROM unnest(?::bigint[], ?::bigint[], ?::text[]) AS held (lease_ms, id, owner)
    JOIN ${schema}.event_queue e ON e.id = held.id AND e.locked_by = held.owner AND e.status = 'processing'
    ORDER BY e.id
    FOR UPDATE OF e)
UPDATE ${schema}.event_queue q
SET locked_until = clock_timestamp() + mine.lease_ms * interval '1 millisecond'
FROM mine
WHERE q.id = mine.id
RETURNING q.id
