package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** A server that goes and comes back. */
@Timeout(120)
class LiveOutageIntegrationTests {

    @Test
    void listenersGoOnFromWhereTheyWereAfterTheServerWasRestarted(@TempDir Path directory) throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectory(data);
        EmbeddedPostgres server = server(data, 0);
        int port = server.getPort();
        LiveRecorder live = new LiveRecorder();
        try (TestBus bus = new TestBus("jdbc:postgresql://localhost:" + port + "/postgres").live("t")) {
            bus.start();
            bus.feed().listen(List.of(new TopicPattern("t")), live);
            for (int number = 0; number < 100; number++) {
                bus.publisher().broadcast("t", number);
            }
            live.await(100);
            server.close();
            // Kept by the publisher until the server is there.
            bus.publisher().broadcast("t", 100);
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            server = server(data, port);
            await().ignoreExceptionsMatching(LiveOutageIntegrationTests::isOutage)
                    .until(() -> {
                        bus.transaction()
                                .executeWithoutResult(status -> bus.publisher().publish("t", 101));
                        return true;
                    });
            live.await(102);
            assertThat(live.payloads().subList(0, 100))
                    .isEqualTo(IntStream.range(0, 100).mapToObj(String::valueOf).toList());
            assertThat(live.payloads()).hasSize(102).contains("100", "101");
            assertThat(live.gaps()).isZero();
        } finally {
            server.close();
        }
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof DataAccessException || failure instanceof TransactionException;
    }

    private static EmbeddedPostgres server(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }
}
