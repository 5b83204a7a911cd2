-- Notes that live topics are in use; in one order, because instances start together. Returns since when each is known: a topic that
-- was forgotten meanwhile is known again since later. Parameters: topics.
INSERT INTO ${schema}.event_live_topic AS t (topic)
SELECT declared.topic FROM unnest(?::text[]) AS declared (topic)
ORDER BY declared.topic
ON CONFLICT (topic) DO UPDATE SET used_at = excluded.used_at
RETURNING t.topic, extract(epoch FROM t.since)::text AS since
