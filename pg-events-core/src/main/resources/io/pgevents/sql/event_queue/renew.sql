-- Renews leases; an event that is not ours any more is left alone. Parameters: leases in ms, ids, owners.
UPDATE ${schema}.event_queue q
SET locked_until = clock_timestamp() + mine.lease_ms * interval '1 millisecond'
FROM unnest(?::bigint[], ?::bigint[], ?::text[]) AS mine (lease_ms, id, owner)
WHERE q.id = mine.id AND q.status = 'processing' AND q.locked_by = mine.owner
RETURNING q.id
