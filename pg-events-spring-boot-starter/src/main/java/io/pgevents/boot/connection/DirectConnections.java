package io.pgevents.boot.connection;

import io.pgevents.jdbc.DedicatedConnections;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Opens connections with the driver, past the pool. Thread-safe. A driver gives up an attempt to connect after 10 s and keeps
 * idle connections alive; settings in the URL go before ours.
 */
public final class DirectConnections implements DedicatedConnections {

    private static final Logger log = LoggerFactory.getLogger(DirectConnections.class);
    private static final String CONNECT_TIMEOUT_SECONDS = "10";
    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", DirectConnections.class.getClassLoader());

    private final String url;
    private final Properties properties;

    private DirectConnections(String url, Properties properties) {
        this.url = url;
        this.properties = properties;
    }

    /** Connections to a URL; user and password may be part of it. */
    public static DedicatedConnections to(
            String url, @Nullable String user, @Nullable String password, String applicationName) {
        return to(url, user, password, applicationName, new Properties());
    }

    /** Connections to the server of the application's data source. */
    public static DedicatedConnections like(DataSource dataSource, Environment environment, String applicationName) {
        DedicatedConnections ofPool = HIKARI ? HikariPools.direct(dataSource, applicationName) : null;
        if (ofPool != null) {
            return ofPool;
        }
        String url = environment.getProperty("spring.datasource.url");
        if (StringUtils.hasText(url)) {
            String user = environment.getProperty("spring.datasource.username");
            return to(url, user, environment.getProperty("spring.datasource.password"), applicationName);
        }
        log.info(
                "pg-events listens on a connection of the application's DataSource ({}). If that is a pool, one of its"
                        + " connections stays lent; set pg-events.listen.url to avoid it.",
                dataSource);
        return dataSource::getConnection;
    }

    static DedicatedConnections to(
            String url,
            @Nullable String user,
            @Nullable String password,
            String applicationName,
            Properties driverProperties) {
        Properties properties = new Properties();
        properties.putAll(driverProperties);
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_TIMEOUT_SECONDS);
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return new DirectConnections(url, properties);
    }

    @Override
    public Connection open() throws SQLException {
        return DriverManager.getConnection(url, properties);
    }
}
