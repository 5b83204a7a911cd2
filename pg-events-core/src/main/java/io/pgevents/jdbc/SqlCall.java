package io.pgevents.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.PreparedStatementCreator;

/**
 * A statement and its parameters, of which many are arrays. Not thread-safe: made for one execution.
 */
public final class SqlCall implements PreparedStatementCreator {

    private final String sql;
    private final List<Parameter> parameters = new ArrayList<>();

    private SqlCall(String sql) {
        this.sql = sql;
    }

    /** A statement without parameters so far. */
    public static SqlCall of(String sql) {
        return new SqlCall(sql);
    }

    /** Adds an array of a type of the server, one element of which is taken from each item. */
    public <I> SqlCall array(String elementType, List<I> items, Function<I, @Nullable Object> element) {
        @Nullable Object[] elements = newArray(elementType, items.size());
        for (int i = 0; i < elements.length; i++) {
            elements[i] = element.apply(items.get(i));
        }
        parameters.add((connection, statement, index) ->
                statement.setArray(index, connection.createArrayOf(elementType, elements)));
        return this;
    }

    /**
     * Adds an array of which most elements are usually null, or an SQL null if all are: unnested beside others it is
     * filled up with nulls.
     */
    public <I> SqlCall sparseArray(String elementType, List<I> items, Function<I, @Nullable Object> element) {
        return items.stream().allMatch(item -> element.apply(item) == null)
                ? value(null)
                : array(elementType, items, element);
    }

    /** The driver sends arrays of these classes in binary, and does not escape their texts. */
    private static @Nullable Object[] newArray(String elementType, int size) {
        return switch (elementType) {
            case "int2" -> new @Nullable Short[size];
            case "int4" -> new @Nullable Integer[size];
            case "int8" -> new @Nullable Long[size];
            case "text" -> new @Nullable String[size];
            default -> new @Nullable Object[size];
        };
    }

    /** Adds an array of a type of the server. */
    public SqlCall array(String elementType, List<?> items) {
        return this.<Object>array(elementType, List.copyOf(items), item -> item);
    }

    /** Adds an array of a type of the server, or an SQL null. */
    public SqlCall nullableArray(String elementType, @Nullable List<?> items) {
        return items == null ? value(null) : array(elementType, items);
    }

    /**
     * Adds the ids of rows: an array, the least, and the greatest. A statement that names the range as well is planned
     * with the primary key at every size of the table. With the array alone a plan that was made while the table was
     * small reads all of it, and it is kept until the table is analysed.
     */
    public <I> SqlCall rows(List<I> items, ToLongFunction<I> id) {
        LongSummaryStatistics range = items.stream().mapToLong(id).summaryStatistics();
        return this.<I>array("int8", items, id::applyAsLong)
                .value(range.getMin())
                .value(range.getMax());
    }

    /** Adds a plain value; null is sent as an untyped null. */
    public SqlCall value(@Nullable Object value) {
        parameters.add((connection, statement, index) -> statement.setObject(index, value));
        return this;
    }

    @Override
    public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).set(connection, statement, i + 1);
        }
        return statement;
    }

    private interface Parameter {
        void set(Connection connection, PreparedStatement statement, int index) throws SQLException;
    }
}
