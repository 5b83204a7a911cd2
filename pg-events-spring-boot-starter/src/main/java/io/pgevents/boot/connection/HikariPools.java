package io.pgevents.boot.connection;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

/** What a Hikari pool knows of its server. The only class that needs Hikari. */
final class HikariPools {

    private HikariPools() {}

    /** What the pool itself gets its connections from; null if it connects on its own. */
    static @Nullable DataSource dataSourceBehind(DataSource dataSource) {
        HikariDataSource pool = unwrap(dataSource);
        return pool == null ? null : pool.getDataSource();
    }

    /** The address of the pool; null if this is no Hikari pool or it does not know one. */
    static @Nullable ServerAddress address(DataSource dataSource) {
        HikariDataSource pool = unwrap(dataSource);
        String url = pool == null ? null : pool.getJdbcUrl();
        return pool == null || url == null
                ? null
                : new ServerAddress(url, pool.getUsername(), pool.getPassword(), pool.getDataSourceProperties());
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
