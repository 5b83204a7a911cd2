-- Takes locked events under a lease. Parameters: lease in ms, owner, ids, the least, the greatest.
UPDATE ${schema}.event_queue
SET status = 'processing',
    attempt_count = attempt_count + 1,
    locked_until = clock_timestamp() + ?::bigint * interval '1 millisecond',
    locked_by = ?
WHERE id = ANY (?::bigint[]) AND id BETWEEN ? AND ?
