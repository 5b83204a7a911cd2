-- The newest event: what is up to it may have been in process when an instance crashed.
SELECT coalesce(max(id), 0) FROM ${schema}.event_queue
