-- Locks the first events of keys, each key for this transaction. The state of a row says what its event means for its key:
-- ready: it is locked and may be handled; busy: somebody else holds the key, or is just changing the event;
-- waiting: the key has to wait for it (its next attempt, another consumer's lease, a type this instance does not know);
-- aside: it waits, and its key goes on without it; none: the key has no more events.
-- The run is read first and locked then: SKIP LOCKED alone would pass an event whose failure is just being recorded, and
-- hand out its successor. Each row tells how long it took here to come to it.
-- Parameters: subscription, keys, ids after which each key goes on, the most events of each key, known types or null (twice),
-- whether failed events step aside, subscription, whether failed events step aside.
WITH held AS MATERIALIZED (
    SELECT k.ordering_key, k.after_id, k.run_length,
           pg_try_advisory_xact_lock(hashtextextended(k.ordering_key, hashtextextended(?, ${lock_seed}))) AS held
    FROM unnest(?::text[], ?::bigint[], ?::integer[]) AS k (ordering_key, after_id, run_length))
SELECT e.id, e.event_id, e.topic, e.type, held.ordering_key, e.payload::text AS payload, e.headers::text AS headers,
       e.priority, e.attempt_count, e.max_attempts, e.created_at, e.process_at,
       CASE WHEN NOT held.held THEN 'busy'
            WHEN seen.id IS NULL THEN 'none'
            WHEN e.id IS NULL THEN 'busy'
            WHEN e.status = 'processing' THEN 'waiting'
            WHEN NOT (?::text[] IS NULL OR e.type IS NULL OR e.type = ANY (?::text[])) THEN 'waiting'
            WHEN e.process_at <= statement_timestamp() THEN 'ready'
            WHEN e.attempt_count = 0 THEN 'busy'
            WHEN ?::boolean AND e.last_error IS NOT NULL THEN 'aside'
            ELSE 'waiting' END AS state,
       (extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000000)::bigint AS micros
FROM held
LEFT JOIN LATERAL (
    SELECT q.id
    FROM ${schema}.event_queue q
    WHERE held.held
      AND q.subscription = ?
      AND q.ordering_key = held.ordering_key
      AND q.ordering_key IS NOT NULL
      AND q.status IN ('pending', 'processing')
      AND q.id > held.after_id
      AND (q.process_at <= statement_timestamp()
           OR (q.attempt_count > 0 AND NOT (?::boolean AND q.last_error IS NOT NULL)))
    ORDER BY q.id
    LIMIT held.run_length) seen ON true
LEFT JOIN LATERAL (
    SELECT *
    FROM ${schema}.event_queue l
    WHERE l.id = seen.id AND l.status IN ('pending', 'processing')
    FOR UPDATE SKIP LOCKED) e ON true
