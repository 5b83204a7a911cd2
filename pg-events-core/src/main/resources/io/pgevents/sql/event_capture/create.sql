-- The names stand in the text, because such statements take no parameters.
CREATE OR REPLACE TRIGGER ${trigger} AFTER ${operation} ON ${table}
FOR EACH ${each}${when} EXECUTE FUNCTION ${schema}.event_capture_change(${arguments})
