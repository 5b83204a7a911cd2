-- Moves the horizon to the newest tick that is older than the retention. It is moved before anything is deleted, so whoever sees
-- that events are missing sees the horizon as well. Ticks from the future, from when the clock was wrong, would never be old enough;
-- one that is the horizon stays until the next. One instance at a time. Parameters: retention in ms.
WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock('${schema}.event_log'::regclass::oid::integer, 0) AS mine),
cut AS MATERIALIZED (
    SELECT t.taken_at, t.oldest
    FROM turn
    JOIN ${schema}.event_log_tick t ON turn.mine
    WHERE t.taken_at < statement_timestamp() - ?::bigint * interval '1 millisecond'
    ORDER BY t.taken_at DESC
    LIMIT 1),
older AS (
    DELETE FROM ${schema}.event_log_tick t
    USING cut
    WHERE t.taken_at < cut.taken_at OR (t.pruned AND t.taken_at > cut.taken_at AND t.oldest <= cut.oldest)),
ahead AS (
    DELETE FROM ${schema}.event_log_tick t
    USING turn
    WHERE turn.mine AND NOT t.pruned AND t.taken_at > statement_timestamp() + interval '1 minute')
UPDATE ${schema}.event_log_tick t
SET pruned = true
FROM cut
WHERE t.taken_at = cut.taken_at AND NOT t.pruned
