-- PostgreSQL gives a new partition the triggers of its table in the name of whoever makes it.
GRANT EXECUTE ON FUNCTION ${schema}.event_capture_change() TO ${role}
