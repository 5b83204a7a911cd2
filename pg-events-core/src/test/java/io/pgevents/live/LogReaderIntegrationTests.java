package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.channel.FreezingProxy;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Reads over a connection that fails. */
@Timeout(60)
class LogReaderIntegrationTests {

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final String url = TestPostgres.newDatabaseUrl();

    @Test
    void aServerThatHasVanishedIsGivenUp() throws IOException {
        try (TestBus bus = new TestBus(url);
                FreezingProxy network = new FreezingProxy(url)) {
            SingleConnectionDataSource connection =
                    new SingleConnectionDataSource(network.url(), "postgres", "postgres", true);
            LogReader reader = new LogReader(connection, bus.schema(), SHORT);
            Position start = reader.now().end();
            network.freeze();
            assertThatThrownBy(() -> reader.read(start.upto())).isInstanceOf(DataAccessException.class);
            connection.destroy();
        }
    }

    @Test
    void aConnectionKeepsTheTimeoutThatItHad() throws SQLException {
        try (TestBus bus = new TestBus(url)) {
            SingleConnectionDataSource connection = new SingleConnectionDataSource(url, "postgres", "postgres", true);
            connection.getConnection().setNetworkTimeout(Runnable::run, 12_345);
            LogReader reader = new LogReader(connection, bus.schema(), SHORT);
            Position start = reader.now().end();
            reader.read(start.beforeAll(start.upto()), null, rows -> true);
            assertThat(connection.getConnection().getNetworkTimeout()).isEqualTo(12_345);
            connection.destroy();
        }
    }
}
