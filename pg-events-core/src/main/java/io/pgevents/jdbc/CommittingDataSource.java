package io.pgevents.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Gives connections with auto-commit on, whatever the pool's are. To Spring it is the data source behind it, so that who
 * has a transaction there goes on with its connection, and this is not asked for one. Thread-safe.
 */
final class CommittingDataSource extends DelegatingDataSource implements InfrastructureProxy {

    private final DataSource target;

    CommittingDataSource(DataSource target) {
        super(target);
        this.target = target;
    }

    @Override
    public Object getWrappedObject() {
        return target;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = target.getConnection();
        try {
            if (connection.getAutoCommit() || isOfTransaction()) {
                return connection;
            }
            connection.setAutoCommit(true);
            return putBackOnClose(connection);
        } catch (SQLException | RuntimeException | Error ex) {
            connection.close();
            throw ex;
        }
    }

    /** Such a data source finds the transaction by itself, and its connection is that of the caller. */
    private boolean isOfTransaction() throws SQLException {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && target.isWrapperFor(TransactionAwareDataSourceProxy.class);
    }

    /** Not every pool does so, and who gets the connection next relies on it. */
    private static Connection putBackOnClose(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                CommittingDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == Objects.requireNonNull(arguments)[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "close" -> {
                        close(connection);
                        yield null;
                    }
                    default -> call(connection, method, arguments);
                });
    }

    private static void close(Connection connection) throws SQLException {
        try (connection) {
            if (!connection.isClosed()) {
                connection.setAutoCommit(false);
            }
        }
    }

    private static @Nullable Object call(Connection connection, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException ex) {
            throw Objects.requireNonNullElse(ex.getCause(), ex);
        }
    }
}
