-- Locks the first events of keys, each key for this transaction. A key that another transaction holds comes back as one row
-- without an event. An event that may not be handled yet (its attempt is not due, or another consumer has it under a lease,
-- or its type is not known here) comes back with due = false and ends the run of its key.
-- The rows are waited for: to skip one that is just being changed would be to overtake it.
-- Parameters: subscription, keys, ids after which each key goes on, known types or null (twice), subscription, whether failed events step aside, run length.
WITH held AS MATERIALIZED (
    SELECT k.ordering_key, k.after_id,
           pg_try_advisory_xact_lock(hashtextextended(k.ordering_key, hashtextextended(?, ${lock_seed}))) AS held
    FROM unnest(?::text[], ?::bigint[]) AS k (ordering_key, after_id))
SELECT e.id, e.event_id, e.topic, e.type, held.ordering_key, e.payload::text AS payload, e.headers::text AS headers,
       e.priority, e.attempt_count, e.max_attempts, e.created_at, e.process_at,
       e.status = 'pending' AND e.process_at <= statement_timestamp()
           AND (?::text[] IS NULL OR e.type IS NULL OR e.type = ANY (?::text[])) AS due,
       held.held
FROM held
LEFT JOIN LATERAL (
    SELECT *
    FROM ${schema}.event_queue q
    WHERE held.held
      AND q.subscription = ?
      AND q.ordering_key = held.ordering_key
      AND q.ordering_key IS NOT NULL
      AND q.status IN ('pending', 'processing')
      AND q.id > held.after_id
      AND (q.process_at <= statement_timestamp() OR (q.attempt_count > 0 AND NOT ?))
    ORDER BY q.id
    LIMIT ?
    FOR UPDATE) e ON true
