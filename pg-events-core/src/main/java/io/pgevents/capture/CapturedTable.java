package io.pgevents.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as the catalogue has it.
 *
 * @param schema its schema
 * @param name its name
 * @param id its object id; a table that was dropped and created anew has another one
 * @param isTable whether it is a plain or a partitioned table
 * @param columns its columns
 * @param keyColumns the columns of its primary key
 * @param powerlessOwner the owner, as in SQL, if the table is partitioned and he may not execute the function of the
 *     triggers, so that he cannot make partitions; else null
 */
record CapturedTable(
        String schema,
        String name,
        long id,
        boolean isTable,
        List<String> columns,
        List<String> keyColumns,
        @Nullable String powerlessOwner) {}
