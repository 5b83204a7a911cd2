package io.pgevents.boot.cache;

import io.pgevents.boot.listener.MethodPlace;
import io.pgevents.capture.Capture;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.lang.reflect.Type;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks the key columns of caches up in the server's catalogue, and says at start what is wrong with them. */
final class KeyColumns {

    private static final Logger log = LoggerFactory.getLogger(KeyColumns.class);

    private final JdbcTemplate jdbc;
    private final String statement;

    KeyColumns(DataSource dataSource, EventSchema schema) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.statement = new SqlStatements(schema).get("event_capture/columns");
    }

    /** The columns of a table, in the order of their names here. */
    List<KeyColumn> of(MethodPlace place, Capture capture, List<String> names) {
        List<KeyColumn> all = jdbc.query(
                statement,
                (row, n) ->
                        new KeyColumn(row.getString("name"), row.getString("type"), row.getBoolean("deterministic")),
                capture.qualifiedTable());
        List<String> known = all.stream().map(KeyColumn::name).toList();
        List<String> unknown =
                names.stream().filter(each -> !known.contains(each)).toList();
        if (!unknown.isEmpty()) {
            throw place.error(
                    "names key columns that the table " + capture.qualifiedTable() + " does not have: " + unknown
                            + "; it has " + known + ".",
                    "Write them as the table has them.");
        }
        return names.stream().map(each -> all.get(known.indexOf(each))).toList();
    }

    /** Warns of keys that are equal for the server, but not in Java. */
    static void warn(MethodPlace place, List<KeyColumn> columns, List<Type> types) {
        for (int i = 0; i < columns.size(); i++) {
            KeyColumn column = columns.get(i);
            String doubt = column.doubt(types.get(i));
            if (doubt != null) {
                log.warn(
                        "{} has the key column {}, which {}. An entry whose key is not spelled as in the row stays when the"
                                + " row changes: spell keys as the column does, or leave the key out of @PgCacheEvict, so"
                                + " that every change clears the cache.",
                        place.describe(),
                        column.name(),
                        doubt);
            }
        }
    }
}
