package io.pgevents.capture;

import io.pgevents.capture.RowChange.Operation;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a table that are published to a topic. Immutable. Equal filters of a table share topic and triggers.
 *
 * @param schema the schema of the table, as in the catalogue
 * @param table the table, as in the catalogue
 * @param keyColumns the columns of its primary key; empty if there is none
 * @param filter which changes
 */
public record Capture(String schema, String table, List<String> keyColumns, Filter filter) {

    private static final int LONGEST_TOPIC = 255;

    public Capture {
        keyColumns = List.copyOf(keyColumns);
        if (topicOf(schema, table, filter).length() > LONGEST_TOPIC) {
            throw new IllegalArgumentException("The name of the table " + schema + "." + table
                    + " does not fit into a topic: most of its characters are neither letters nor digits");
        }
    }

    /** {@code change.public.profile}, for a part of the changes with the id of the filter as a further word. */
    public String topic() {
        return topicOf(schema, table, filter);
    }

    /** The table as it stands in SQL. */
    public String qualifiedTable() {
        return Sql.identifier(schema) + "." + Sql.identifier(table);
    }

    private static String topicOf(String schema, String table, Filter filter) {
        String topic = "change." + TopicWords.word(schema) + "." + TopicWords.word(table);
        return filter.isEverything() ? topic : topic + "." + filter.id();
    }

    /**
     * Which changes of a table.
     *
     * @param operations what was done; at least one
     * @param columns updates only if one of these has changed; empty for any
     * @param condition an SQL expression of {@code NEW} and {@code OLD} that has to be true, or null
     */
    public record Filter(
            Set<Operation> operations,
            List<String> columns,
            @Nullable String condition) {

        private static final Pattern TEXTS = Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"");
        private static final Pattern NEW = Pattern.compile("\\bnew\\b", Pattern.CASE_INSENSITIVE);
        private static final Pattern OLD = Pattern.compile("\\bold\\b", Pattern.CASE_INSENSITIVE);

        /** Every change. */
        public static final Filter EVERYTHING = new Filter(EnumSet.allOf(Operation.class), List.of(), null);

        public Filter {
            operations = Set.copyOf(operations);
            columns = columns.stream().distinct().sorted().toList();
            condition = condition == null || condition.isBlank() ? null : condition.strip();
            require(!operations.isEmpty(), "No operation is left to capture");
            require(
                    columns.isEmpty() || operations.contains(Operation.UPDATE),
                    "Columns are given, but updates are not captured");
            Set<Operation> possible = possibleFor(condition);
            for (Operation each : operations) {
                require(
                        possible.contains(each),
                        "The condition " + condition + " cannot be asked for the operation " + each
                                + ": an insert has no OLD row, a delete no NEW one");
            }
        }

        /** The operations a condition can be asked for, and TRUNCATE, which has no row to ask for. */
        public static Set<Operation> possibleFor(@Nullable String condition) {
            Set<Operation> possible = EnumSet.allOf(Operation.class);
            if (condition != null) {
                String words = TEXTS.matcher(condition).replaceAll(" ");
                if (NEW.matcher(words).find()) {
                    possible.remove(Operation.DELETE);
                }
                if (OLD.matcher(words).find()) {
                    possible.remove(Operation.INSERT);
                }
            }
            return possible;
        }

        /** Whether it lets every change pass. */
        public boolean isEverything() {
            return equals(EVERYTHING);
        }

        /** What tells filters of one table apart, for good: empty for everything, else eight hexadecimal digits. */
        public String id() {
            return isEverything() ? "" : Sql.fingerprint(toString());
        }

        /** For people. */
        @Override
        public String toString() {
            return operations.stream().sorted().map(Operation::text).collect(Collectors.joining(", "))
                    + (columns.isEmpty() ? "" : " if one of " + columns + " has changed")
                    + (condition == null ? "" : " where " + condition);
        }

        private static void require(boolean valid, String message) {
            if (!valid) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
