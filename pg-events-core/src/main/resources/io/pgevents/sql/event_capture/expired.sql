-- The captures nobody has refreshed. Parameters: milliseconds.
SELECT table_schema, table_name, filter
FROM ${schema}.event_capture
WHERE used_at < clock_timestamp() - ? * interval '1 millisecond'
