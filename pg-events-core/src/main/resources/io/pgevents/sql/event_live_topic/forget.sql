-- Forgets live topics that no instance has used for long. Parameters: ms.
DELETE FROM ${schema}.event_live_topic
WHERE used_at < statement_timestamp() - ?::bigint * interval '1 millisecond'
