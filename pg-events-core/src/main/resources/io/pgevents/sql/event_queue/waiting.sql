-- The topics whose events have been due for some time and have no subscription yet. It looks at the first ten thousand of these
-- events only: a topic behind them comes to light when they are gone. Parameters: ms, topics to leave out, limit.
SELECT w.topic, count(*) AS events, min(w.process_at) AS since
FROM (
    SELECT e.topic, e.process_at
    FROM ${schema}.event_queue e
    WHERE e.subscription IS NULL AND e.status = 'pending'
      AND e.process_at < statement_timestamp() - ?::bigint * interval '1 millisecond'
    -- As in the index event_queue_claim, or all of them would be read and sorted.
    ORDER BY e.subscription, e.priority, e.process_at
    LIMIT 10000) AS w
WHERE w.topic <> ALL (?::text[])
GROUP BY w.topic
ORDER BY since
LIMIT ?
