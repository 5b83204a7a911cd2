-- Asks the other instances for help with subscriptions; not while the server's queue of notifications fills, when it would
-- fail. Parameters: channel, subscriptions.
SELECT pg_notify(?, 'help ' || s)
FROM unnest(?) s
WHERE pg_notification_queue_usage() <= 0.5
