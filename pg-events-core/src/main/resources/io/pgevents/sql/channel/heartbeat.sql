-- A notification of the hub to itself, and how full the server's queue of notifications is. A commit that notifies holds
-- a lock of the server until it is flushed, so this one is not flushed. Parameters: channel.
SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ''), pg_notification_queue_usage() AS usage
