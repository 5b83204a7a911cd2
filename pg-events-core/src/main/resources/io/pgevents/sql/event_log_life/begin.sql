-- Begins a life of the server, unless another instance has done so.
INSERT INTO ${schema}.event_log_life DEFAULT VALUES
ON CONFLICT DO NOTHING
