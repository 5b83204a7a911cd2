package io.pgevents.boot.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.support.TestPostgres;
import java.lang.reflect.Field;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.core.PGStream;
import org.postgresql.core.QueryExecutorBase;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PgConnection;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.mock.env.MockEnvironment;

class DirectConnectionsIntegrationTests {

    private static final String URL = TestPostgres.newDatabaseUrl();

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void goPastAHikariPool() throws SQLException {
        try (HikariDataSource pool = TestPostgres.pool(URL, 1);
                Connection onlyOne = pool.getConnection()) {
            assertThat(onlyOne.isValid(1)).isTrue();
            assertThat(applicationName(DirectConnections.like(pool, environment, "shop")))
                    .isEqualTo("shop");
            assertThat(applicationName(
                            DirectConnections.like(new LazyConnectionDataSourceProxy(pool), environment, "shop")))
                    .as("behind a proxy")
                    .isEqualTo("shop");
        }
    }

    @Test
    void takeTheDriverPropertiesOfThePoolAlong() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(URL);
        config.setUsername("postgres");
        config.setPassword("postgres");
        config.addDataSourceProperty("options", "-c work_mem=7MB");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThat(query(DirectConnections.like(pool, environment, "shop"), "SHOW work_mem"))
                    .isEqualTo("7MB");
        }
    }

    @Test
    void askForTlsAsThePoolDoes() {
        try (HikariDataSource pool = lazyPool(URL + "?sslmode=require")) {
            assertThatThrownBy(() ->
                            DirectConnections.like(pool, environment, "shop").open())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("SSL");
        }
    }

    @Test
    void takeTheParametersOfTheUrlAlong() throws SQLException {
        try (HikariDataSource pool = lazyPool(URL + "?socketTimeout=7&options=-c%20work_mem=9MB")) {
            DedicatedConnections direct = DirectConnections.like(pool, environment, "shop");
            assertThat(query(direct, "SHOW work_mem")).isEqualTo("9MB");
            try (Connection connection = direct.open()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(7_000);
            }
        }
    }

    @Test
    void keepTheConnectionAlive() throws Exception {
        try (HikariDataSource pool = TestPostgres.pool(URL, 1);
                Connection connection =
                        DirectConnections.like(pool, environment, "shop").open()) {
            assertThat(socket(connection).getKeepAlive()).isTrue();
        }
    }

    private static Socket socket(Connection connection) throws ReflectiveOperationException, SQLException {
        Field stream = QueryExecutorBase.class.getDeclaredField("pgStream");
        stream.setAccessible(true);
        return ((PGStream) stream.get(connection.unwrap(PgConnection.class).getQueryExecutor())).getSocket();
    }

    @Test
    void useTheCredentialsOfThePoolAtAnotherUrl() throws SQLException {
        try (HikariDataSource pool = TestPostgres.pool(TestPostgres.newDatabaseUrl(), 1)) {
            DedicatedConnections direct = DirectConnections.to(URL, pool, environment, "shop");
            assertThat(query(direct, "SELECT current_user || ' at ' || current_database()"))
                    .isEqualTo("postgres at " + URL.substring(URL.lastIndexOf('/') + 1));
        }
    }

    @Test
    void followARotatedPassword() throws SQLException {
        try (HikariDataSource pool = TestPostgres.pool(URL, 1)) {
            DedicatedConnections direct = DirectConnections.like(pool, environment, "shop");
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE ROLE rotated LOGIN");
            }
            pool.getHikariConfigMXBean().setUsername("rotated");
            assertThat(query(direct, "SELECT current_user")).isEqualTo("rotated");
        }
    }

    @Test
    void useTheDataSourceBehindAPool() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(simple());
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThat(applicationName(DirectConnections.like(pool, environment, "shop")))
                    .isEqualTo("shop");
        }
    }

    @Test
    void readTheEnvironmentForAnotherPool() throws SQLException {
        environment.setProperty("spring.datasource.url", URL);
        environment.setProperty("spring.datasource.username", "postgres");
        environment.setProperty("spring.datasource.password", "postgres");
        assertThat(applicationName(DirectConnections.like(new Unknown(), environment, "shop")))
                .isEqualTo("shop");
    }

    @Test
    void borrowFromADataSourceThatSaysNothing() throws SQLException {
        assertThat(applicationName(DirectConnections.like(simple(), environment, "shop")))
                .isEqualTo("shop");
    }

    @Test
    void areConnectionsOfTheDriver() throws SQLException {
        try (Connection connection =
                DirectConnections.to(URL, "postgres", "postgres", "shop").open()) {
            assertThat(connection).isInstanceOf(PGConnection.class);
        }
    }

    private static String applicationName(DedicatedConnections connections) throws SQLException {
        return query(connections, "SHOW application_name");
    }

    private static String query(DedicatedConnections connections, String sql) throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** A pool that does not connect before somebody asks it to. */
    private static HikariDataSource lazyPool(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername("postgres");
        pool.setPassword("postgres");
        return pool;
    }

    private static DataSource simple() {
        PGSimpleDataSource simple = new PGSimpleDataSource();
        simple.setURL(URL);
        simple.setUser("postgres");
        return simple;
    }

    /** A pool nobody knows. */
    private static final class Unknown extends AbstractDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("not for LISTEN");
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            throw new SQLException("not for LISTEN");
        }
    }
}
