package io.pgevents.boot.connection;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** How many connections the application's pool has. */
public final class PoolSize {

    private static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", PoolSize.class.getClassLoader());

    private PoolSize() {}

    /** The most connections of the pool, or null if that is not known. */
    public static @Nullable Integer of(DataSource dataSource) {
        return HIKARI ? HikariPools.size(dataSource) : null;
    }
}
