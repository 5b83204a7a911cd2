-- Finishes leased events of one claim without keeping them; a stale owner changes nothing.
-- Parameters: ids, the least, the greatest, owner.
WITH mine AS MATERIALIZED (
    SELECT id
    FROM ${schema}.event_queue
    WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND locked_by = ? AND (status = 'processing') IS TRUE
    ORDER BY id
    FOR UPDATE)
DELETE FROM ${schema}.event_queue
WHERE id = ANY (ARRAY(SELECT id FROM mine)) AND id BETWEEN (SELECT min(id) FROM mine) AND (SELECT max(id) FROM mine)
RETURNING id
