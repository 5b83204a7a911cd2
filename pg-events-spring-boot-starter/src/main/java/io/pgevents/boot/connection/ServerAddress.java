package io.pgevents.boot.connection;

import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Where a server is and who may connect.
 *
 * @param url for JDBC
 * @param user null if the URL says it
 * @param password null if none is needed or the URL says it
 * @param driverProperties further settings of the driver
 */
record ServerAddress(
        String url, @Nullable String user, @Nullable String password, Properties driverProperties) {

    /** Whether Hikari is on the class path. */
    static final boolean HIKARI =
            ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource", ServerAddress.class.getClassLoader());

    /** The address behind a data source; null if neither the pool nor the environment knows it. */
    static @Nullable ServerAddress of(DataSource dataSource, Environment environment) {
        ServerAddress ofPool = HIKARI ? HikariPools.address(dataSource) : null;
        if (ofPool != null) {
            return ofPool;
        }
        String url = environment.getProperty("spring.datasource.url");
        if (!StringUtils.hasText(url)) {
            return null;
        }
        return new ServerAddress(
                url,
                environment.getProperty("spring.datasource.username"),
                environment.getProperty("spring.datasource.password"),
                new Properties());
    }

    /** The same credentials at another URL. */
    ServerAddress at(String otherUrl) {
        return new ServerAddress(otherUrl, user, password, driverProperties);
    }
}
