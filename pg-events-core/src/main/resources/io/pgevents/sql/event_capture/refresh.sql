-- Says that captures are declared. Rows are locked in one order, because instances start together.
-- Parameters: schemas, tables, filters, topics, descriptions.
INSERT INTO ${schema}.event_capture (table_schema, table_name, filter, topic, description)
SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS declared ORDER BY 1, 2, 3
ON CONFLICT (table_schema, table_name, filter) DO UPDATE
SET used_at = excluded.used_at, topic = excluded.topic, description = excluded.description
