-- The captures nobody has refreshed, and no subscription waits for: of an application that is down for long it must not lose
-- a change. Who follows them live has nothing to lose. Parameters: milliseconds.
SELECT c.table_schema, c.table_name, c.filter
FROM ${schema}.event_capture c
WHERE c.used_at < clock_timestamp() - ? * interval '1 millisecond'
  AND NOT EXISTS (
    SELECT FROM ${schema}.event_subscription s WHERE c.topic = ANY (s.topics) AND left(s.name, 1) <> '$')
