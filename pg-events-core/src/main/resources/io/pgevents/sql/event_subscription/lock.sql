-- Waits for the transactions that have published, which have read the routes, and lets no other begin to.
LOCK TABLE ${schema}.event_subscription IN ACCESS EXCLUSIVE MODE
