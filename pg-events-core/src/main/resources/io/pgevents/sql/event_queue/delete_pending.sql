-- Deletes events of a removed subscription. Parameters: subscription, limit.
DELETE FROM ${schema}.event_queue
WHERE id IN (
    SELECT id FROM ${schema}.event_queue
    WHERE subscription = ? AND status = 'pending'
    LIMIT ?
    FOR UPDATE SKIP LOCKED)
