-- Gives events of an ordered subscription that have no key the shared one. One that somebody has locked is left alone: to wait
-- for it here could be a deadlock.
-- Parameters: ids, the least, the greatest.
WITH free AS MATERIALIZED (
    SELECT id
    FROM ${schema}.event_queue
    WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ? AND (status = 'pending') IS TRUE AND ordering_key IS NULL
    FOR UPDATE SKIP LOCKED)
UPDATE ${schema}.event_queue q
SET ordering_key = ''
FROM free
WHERE q.id = free.id
