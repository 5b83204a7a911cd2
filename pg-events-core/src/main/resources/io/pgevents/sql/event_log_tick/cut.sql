-- Moves the horizon to the newest tick that is older than the retention. It is moved before anything is deleted, so whoever sees
-- that events are missing sees the horizon as well. One instance at a time. Parameters: retention in ms.
WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock('${schema}.event_log'::regclass::oid::integer, 0) AS mine),
cut AS MATERIALIZED (
    SELECT t.taken_at
    FROM turn
    JOIN ${schema}.event_log_tick t ON turn.mine
    WHERE t.taken_at < statement_timestamp() - ?::bigint * interval '1 millisecond'
    ORDER BY t.taken_at DESC
    LIMIT 1),
older AS (
    DELETE FROM ${schema}.event_log_tick t
    USING cut
    WHERE t.taken_at < cut.taken_at)
UPDATE ${schema}.event_log_tick t
SET pruned = true
FROM cut
WHERE t.taken_at = cut.taken_at AND NOT t.pruned
