package io.pgevents.boot.connection;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How many connections the application's pool has. */
public final class PoolSize {

    private PoolSize() {}

    /** The most connections of the pool, or null if that is not known. */
    public static @Nullable Integer of(DataSource dataSource) {
        return ServerAddress.HIKARI ? HikariPools.size(dataSource) : null;
    }
}
