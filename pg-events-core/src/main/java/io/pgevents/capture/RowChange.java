package io.pgevents.capture;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A committed change of a table. Exactly one of {@link Inserted}, {@link Updated}, {@link Deleted} and
 * {@link Truncated}, so that a {@code switch} over it is complete. Immutable, if the row type is.
 *
 * <p>Today changes come from triggers, which always have all values of a row. A source that reads the server's log may
 * not have some of them, and the types have a place for that: {@link Updated#oldRow()} may be null, and
 * {@link Updated#unchanged()} names columns that are missing because they did not change.
 *
 * @param <T> what a row is mapped to
 */
public sealed interface RowChange<T> {

    /** Where and when. */
    Metadata metadata();

    /** What was done. */
    Operation operation();

    /**
     * A new row.
     *
     * @param row the row as it was inserted
     * @param metadata where and when
     */
    record Inserted<T>(T row, Metadata metadata) implements RowChange<T> {
        @Override
        public Operation operation() {
            return Operation.INSERT;
        }
    }

    /**
     * A row that has other values now. If its primary key is one of them, it is ordered with the changes of the new key,
     * and not with those of the old one.
     *
     * @param row the row after the update
     * @param oldRow the row before it; null if it is not known, because both together were too long
     * @param changed the columns that have another value, by their names in the database; empty if that is not known
     * @param unchanged the columns that {@code row} does not have because the source left out what did not change; that
     *     is not the same as null. Always empty for triggers
     * @param metadata where and when
     */
    record Updated<T>(T row, @Nullable T oldRow, Set<String> changed, Set<String> unchanged, Metadata metadata)
            implements RowChange<T> {

        public Updated {
            changed = Set.copyOf(changed);
            unchanged = Set.copyOf(unchanged);
        }

        @Override
        public Operation operation() {
            return Operation.UPDATE;
        }
    }

    /**
     * A row that is gone.
     *
     * @param oldRow the row as it was
     * @param metadata where and when
     */
    record Deleted<T>(T oldRow, Metadata metadata) implements RowChange<T> {
        @Override
        public Operation operation() {
            return Operation.DELETE;
        }
    }

    /**
     * All rows are gone at once. It has no key, so with order per key it is in no order with the changes of rows: what
     * was done before may be handled after it or at the same time, and what was done later before it. Look at what the
     * table has now, instead of clearing what was derived from it.
     *
     * @param metadata where and when, without a key
     */
    record Truncated<T>(Metadata metadata) implements RowChange<T> {
        @Override
        public Operation operation() {
            return Operation.TRUNCATE;
        }
    }

    /**
     * Where and when a row changed.
     *
     * @param schema the schema of the table
     * @param table the table as declared; not the partition
     * @param key the primary key as text, for several columns a JSON array; after an update the new one; null if the
     *     table has none
     * @param transactionId the transaction that changed it, as {@code pg_current_xact_id()} gives it
     * @param changedAt when, by the server's clock; the transaction was committed after that
     */
    record Metadata(String schema, String table, @Nullable String key, String transactionId, Instant changedAt) {}

    /** What can be done with the rows of a table. */
    enum Operation {
        INSERT,
        UPDATE,
        DELETE,
        TRUNCATE;

        /** The word in triggers and events. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
