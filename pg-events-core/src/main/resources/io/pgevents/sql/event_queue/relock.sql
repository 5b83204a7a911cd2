-- Locks events whose attempt has just been counted, and the keys of an ordered subscription. Waits for others, who can only
-- have locked a row to find out that it is due later now. Of several events those are left out whose key somebody holds.
-- Parameters: subscription, keys or nulls, ids, attempt counts, whether to wait for keys.
WITH counted AS (
    SELECT c.id, c.attempt_count, hashtextextended(c.ordering_key, hashtextextended(?, ${lock_seed})) AS key_lock
    FROM unnest(?::text[], ?::bigint[], ?::integer[]) AS c (ordering_key, id, attempt_count)),
held AS MATERIALIZED (
    SELECT c.id, c.attempt_count,
           CASE WHEN c.key_lock IS NULL THEN true
                WHEN ?::boolean THEN pg_advisory_xact_lock(c.key_lock) IS NOT NULL
                ELSE pg_try_advisory_xact_lock(c.key_lock) END AS held
    FROM counted c)
SELECT q.id
FROM held
JOIN LATERAL (
    SELECT e.id FROM ${schema}.event_queue e
    WHERE held.held AND e.id = held.id AND e.attempt_count = held.attempt_count AND (e.status = 'pending') IS TRUE
    FOR UPDATE) q ON true
