-- Hands leased events of one claim back whose handling has not begun; the attempt does not count. They are due a little earlier
-- than now, so that a claim that has just begun does not take them for events of the future and their successors for the
-- first. Rows are locked in the order of all statements that end leases. Parameters: ids, the least, the greatest, owner.
WITH mine AS MATERIALIZED (
    SELECT id
    FROM ${schema}.event_queue
    WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND locked_by = ? AND (status = 'processing') IS TRUE
    ORDER BY id
    FOR UPDATE)
UPDATE ${schema}.event_queue
SET status = 'pending', attempt_count = greatest(attempt_count - 1, 0),
    process_at = clock_timestamp() - interval '100 milliseconds',
    locked_until = NULL, locked_by = NULL
WHERE id = ANY (ARRAY(SELECT id FROM mine)) AND id BETWEEN (SELECT min(id) FROM mine) AND (SELECT max(id) FROM mine)
