-- Forgets what instances have declared. The row of a crashed instance stays: it is the trace of the crash. Parameters: ids.
DELETE FROM ${schema}.event_node_topic
WHERE node = ANY (?::integer[])
