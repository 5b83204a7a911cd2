-- The clock that dates events.
SELECT clock_timestamp()
