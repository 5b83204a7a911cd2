-- Says how many attempts the events of subscriptions have. Rows are locked in one order, because instances start together.
-- Parameters: subscriptions, their attempts.
WITH changed AS MATERIALIZED (
    SELECT s.id, declared.max_attempts
    FROM unnest(?::text[], ?::integer[]) AS declared (name, max_attempts)
    JOIN ${schema}.event_subscription s ON s.name = declared.name AND s.max_attempts <> declared.max_attempts
    ORDER BY s.id
    FOR UPDATE OF s)
UPDATE ${schema}.event_subscription s
SET max_attempts = changed.max_attempts
FROM changed
WHERE s.id = changed.id
