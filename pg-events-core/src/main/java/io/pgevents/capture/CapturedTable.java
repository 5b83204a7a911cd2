package io.pgevents.capture;

import java.util.List;

/**
 * A table as the catalogue has it.
 *
 * @param schema its schema
 * @param name its name
 * @param id its object id; a table that was dropped and created anew has another one
 * @param isTable whether it is a plain or a partitioned table
 * @param columns its columns
 * @param keyColumns the columns of its primary key
 */
record CapturedTable(
        String schema, String name, long id, boolean isTable, List<String> columns, List<String> keyColumns) {}
