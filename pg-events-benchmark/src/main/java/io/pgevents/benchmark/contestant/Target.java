package io.pgevents.benchmark.contestant;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * A database on the measured server.
 *
 * @param url its JDBC URL
 * @param user who connects
 * @param password the password
 */
public record Target(String url, String user, String password) {

    /** A pool with the settings all contestants share; the caller closes it. */
    public HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return new HikariDataSource(config);
    }
}
