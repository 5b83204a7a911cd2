-- Notes that live topics are in use; in one order, because instances start together. Parameters: topics.
INSERT INTO ${schema}.event_live_topic AS t (topic)
SELECT declared.topic FROM unnest(?::text[]) AS declared (topic)
ORDER BY declared.topic
ON CONFLICT (topic) DO UPDATE SET used_at = excluded.used_at
