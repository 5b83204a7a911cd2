-- Deletes what waits for a subscription that will never come. For people: it is logged, not executed.
DELETE FROM ${schema}.event_queue WHERE subscription IS NULL AND status = 'pending' AND topic = ${topic}
