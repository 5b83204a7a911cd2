package io.pgevents.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
        @Nullable Object[] elements = new @Nullable Object[items.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = element.apply(items.get(i));
        }
        parameters.add((connection, statement, index) ->
                statement.setArray(index, connection.createArrayOf(elementType, elements)));
        return this;
    }

    /** Adds an array of a type of the server. */
    public SqlCall array(String elementType, List<?> items) {
        return this.<Object>array(elementType, List.copyOf(items), item -> item);
    }

    /** Adds an array of a type of the server, or an SQL null. */
    public SqlCall nullableArray(String elementType, @Nullable List<?> items) {
        return items == null ? value(null) : array(elementType, items);
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
