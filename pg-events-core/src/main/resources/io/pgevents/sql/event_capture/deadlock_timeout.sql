-- How long somebody has to wait for a lock until the server ends an autovacuum for him: milliseconds.
SELECT s.setting::integer FROM pg_catalog.pg_settings s WHERE s.name = 'deadlock_timeout'
