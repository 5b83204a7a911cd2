-- What creating a trigger takes: readers go on, writers wait.
LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE
