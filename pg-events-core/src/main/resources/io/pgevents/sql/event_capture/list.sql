SELECT table_schema, table_name, filter, topic, description, used_at
FROM ${schema}.event_capture
ORDER BY table_schema, table_name, filter
