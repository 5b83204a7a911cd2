-- Finishes leased events of one claim and keeps them; a stale owner changes nothing.
-- Parameters: ids, the least, the greatest, owner.
WITH mine AS MATERIALIZED (
    SELECT id
    FROM ${schema}.event_queue
    WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND locked_by = ? AND (status = 'processing') IS TRUE
    ORDER BY id
    FOR UPDATE)
UPDATE ${schema}.event_queue
SET status = 'done', finished_at = clock_timestamp(), locked_until = NULL, locked_by = NULL
WHERE id = ANY (ARRAY(SELECT id FROM mine)) AND id BETWEEN (SELECT min(id) FROM mine) AND (SELECT max(id) FROM mine)
RETURNING id
