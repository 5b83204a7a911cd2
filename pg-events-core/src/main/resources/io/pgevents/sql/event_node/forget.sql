-- Forgets crashed instances; one that cannot prove that it is alive is kept for a month. Parameters: ids.
DELETE FROM ${schema}.event_node
WHERE id = ANY (?::integer[]) AND (listens OR started_at < clock_timestamp() - interval '30 days')
