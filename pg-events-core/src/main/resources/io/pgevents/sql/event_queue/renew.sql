-- Renews leases; an event that is not ours any more is left alone. Rows are locked in the order of all statements that end
-- leases. Parameters: ids, the least, the greatest, owners, lease in ms.
WITH mine AS MATERIALIZED (
    SELECT id
    FROM ${schema}.event_queue
    WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND locked_by = ANY (?::text[]) AND (status = 'processing') IS TRUE
    ORDER BY id
    FOR UPDATE)
UPDATE ${schema}.event_queue
SET locked_until = clock_timestamp() + ?::bigint * interval '1 millisecond'
WHERE id = ANY (ARRAY(SELECT id FROM mine)) AND id BETWEEN (SELECT min(id) FROM mine) AND (SELECT max(id) FROM mine)
RETURNING id
