package io.pgevents.boot.connection;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.jdbc.DedicatedConnections;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

/** What a Hikari pool knows of its server. The only class that needs Hikari. */
final class HikariPools {

    private HikariPools() {}

    /** Connections past the pool, or null if this is no Hikari pool or the pool does not know an address. */
    static @Nullable DedicatedConnections direct(DataSource dataSource, String applicationName) {
        HikariDataSource pool = unwrap(dataSource);
        if (pool == null) {
            return null;
        }
        DataSource behind = pool.getDataSource();
        if (behind != null) {
            return behind::getConnection;
        }
        String url = pool.getJdbcUrl();
        return url == null
                ? null
                : DirectConnections.to(
                        url, pool.getUsername(), pool.getPassword(), applicationName, pool.getDataSourceProperties());
    }

    /** The most connections of the pool, or null if this is no Hikari pool. */
    static @Nullable Integer size(DataSource dataSource) {
        HikariDataSource pool = unwrap(dataSource);
        return pool == null ? null : pool.getMaximumPoolSize();
    }

    private static @Nullable HikariDataSource unwrap(DataSource dataSource) {
        return DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class);
    }
}
