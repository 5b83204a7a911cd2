-- Locks events whose attempt has just been counted, and the keys of an ordered subscription. Waits for others, who can only
-- have locked a row to find out that it is due later now.
-- Parameters: subscription, keys or nulls, ids, attempt counts.
WITH held AS MATERIALIZED (
    SELECT c.id, c.attempt_count,
           CASE WHEN c.ordering_key IS NULL THEN true
                ELSE pg_try_advisory_xact_lock(hashtextextended(c.ordering_key, hashtextextended(?, ${lock_seed}))) END AS held
    FROM unnest(?::text[], ?::bigint[], ?::integer[]) AS c (ordering_key, id, attempt_count))
SELECT q.id
FROM held
JOIN LATERAL (
    SELECT e.id FROM ${schema}.event_queue e
    WHERE held.held AND e.id = held.id AND e.attempt_count = held.attempt_count AND (e.status = 'pending') IS TRUE
    FOR UPDATE) q ON true
