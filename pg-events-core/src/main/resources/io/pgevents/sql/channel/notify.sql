-- Sends a notification when the transaction commits. Parameters: channel, payload.
SELECT pg_notify(?, ?)
