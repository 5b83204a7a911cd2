-- Lets the server find out within half a minute that the machine of this client is gone, or out of reach: its gates and the lock
-- of its node are free then. By default that takes hours.
SELECT set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '30000', false)
