-- Whoever declares it meanwhile waits for this, and then finds that its triggers are gone. Parameters: schema, table, filter, milliseconds.
DELETE FROM ${schema}.event_capture
WHERE table_schema = ? AND table_name = ? AND filter = ? AND used_at < clock_timestamp() - ? * interval '1 millisecond'
