package io.pgevents.boot.connection;

import io.pgevents.jdbc.DedicatedConnections;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/**
 * Opens connections with the driver, past the pool. Thread-safe. A driver gives up an attempt to connect after 10 s and
 * keeps idle connections alive; settings in the URL go before ours. Credentials are those the pool has when a connection
 * is opened, so a rotated password needs no restart.
 */
public final class DirectConnections implements DedicatedConnections {

    private static final Logger log = LoggerFactory.getLogger(DirectConnections.class);
    private static final String CONNECT_TIMEOUT_SECONDS = "10";
    private final Supplier<ServerAddress> server;
    private final String applicationName;

    private DirectConnections(Supplier<ServerAddress> server, String applicationName) {
        this.server = server;
        this.applicationName = applicationName;
    }

    /** Connections to a URL with credentials of its own, or as part of the URL. */
    public static DedicatedConnections to(
            String url, @Nullable String user, @Nullable String password, String applicationName) {
        ServerAddress address = new ServerAddress(url, user, password, new Properties());
        return new DirectConnections(() -> address, applicationName);
    }

    /** Connections to a URL with the credentials of the application's data source. */
    public static DedicatedConnections to(
            String url, DataSource dataSource, Environment environment, String applicationName) {
        ServerAddress unknown = new ServerAddress(url, null, null, new Properties());
        return new DirectConnections(
                () -> {
                    ServerAddress pooled = ServerAddress.of(dataSource, environment);
                    return pooled == null ? unknown : pooled.at(url);
                },
                applicationName);
    }

    /** Connections to the server of the application's data source. */
    public static DedicatedConnections like(DataSource dataSource, Environment environment, String applicationName) {
        DataSource behind = ServerAddress.HIKARI ? HikariPools.dataSourceBehind(dataSource) : null;
        if (behind != null) {
            return lentBy(behind, applicationName);
        }
        ServerAddress first = ServerAddress.of(dataSource, environment);
        if (first != null) {
            return new DirectConnections(
                    () -> Objects.requireNonNullElse(ServerAddress.of(dataSource, environment), first),
                    applicationName);
        }
        log.info(
                "pg-events listens on a connection of the application's DataSource ({}). If that is a pool, one of its"
                        + " connections stays lent; set pg-events.listen.url to avoid it.",
                dataSource);
        return lentBy(dataSource, applicationName);
    }

    /** A data source has settings of its own; only the name can be given afterwards. */
    private static DedicatedConnections lentBy(DataSource dataSource, String applicationName) {
        return () -> {
            Connection connection = dataSource.getConnection();
            try {
                connection.setClientInfo("ApplicationName", applicationName);
                return connection;
            } catch (SQLException | RuntimeException ex) {
                connection.close();
                throw ex;
            }
        };
    }

    @Override
    public Connection open() throws SQLException {
        ServerAddress address = server.get();
        return DriverManager.getConnection(address.url(), properties(address));
    }

    private Properties properties(ServerAddress address) {
        Properties properties = new Properties();
        properties.putAll(address.driverProperties());
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_TIMEOUT_SECONDS);
        if (address.user() != null) {
            properties.setProperty("user", address.user());
        }
        if (address.password() != null) {
            properties.setProperty("password", address.password());
        }
        return properties;
    }
}
