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

    private static final List<TopicPattern> TOPIC = List.of(new TopicPattern("t"));
    private static final String NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

    @Test
    void listenersGoOnFromWhereTheyWereAfterTheServerWasRestarted(@TempDir Path directory) throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectory(data);
        EmbeddedPostgres server = server(data, 0);
        int port = server.getPort();
        LiveRecorder live = new LiveRecorder();
        try (TestBus bus = new TestBus("jdbc:postgresql://localhost:" + port + "/postgres").live("t")) {
            bus.start();
            bus.feed().listen(TOPIC, live);
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

    /** Nothing flushes the log of the server while its writer is stopped, and without it the server begins anew. */
    @Test
    void aCrashThatLosesWhatWasSeenIsAGap() throws Exception {
        LiveRecorder live = new LiveRecorder();
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("synchronous_commit", "on")
                        .start();
                TestBus bus = new TestBus("jdbc:postgresql://localhost:" + server.getPort() + "/postgres").live("t")) {
            bus.start();
            bus.feed().listen(TOPIC, live);
            bus.publisher().broadcast("t", 0);
            live.await(1);
            long writer = number(bus, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'");
            signal("STOP", writer);
            bus.jdbc()
                    .execute(
                            "DO $$ BEGIN FOR i IN 1..1000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$");
            bus.publisher().broadcast("t", 1);
            live.await(2);
            long seen = number(bus, NEXT_TRANSACTION);
            signal("KILL", writer);
            live.awaitGap();
            publish(bus, 2);
            live.await(3);
            assertThat(number(bus, NEXT_TRANSACTION)).as("ids are given again").isLessThan(seen);
            publish(bus, 3);
            live.await(4);
            assertThat(live.payloads()).containsExactly("0", "1", "2", "3");
            assertThat(live.gaps()).isEqualTo(1);
            LiveRecorder back = new LiveRecorder();
            bus.feed().listen(TOPIC, live.cursorOf("1"), back);
            assertThat(back.gaps()).isEqualTo(1);
            LiveRecorder since = new LiveRecorder();
            bus.feed().listen(TOPIC, live.cursorOf("2"), since);
            assertThat(since.payloads()).containsExactly("3");
            assertThat(since.gaps()).isZero();
        }
    }

    private static void publish(TestBus bus, int number) {
        await().ignoreExceptionsMatching(LiveOutageIntegrationTests::isOutage).until(() -> {
            bus.transaction().executeWithoutResult(status -> bus.publisher().publish("t", number));
            return true;
        });
    }

    private static long number(TestBus bus, String sql) {
        Long number = bus.jdbc().queryForObject(sql, Long.class);
        return number == null ? -1 : number;
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + process)
                        .start()
                        .waitFor())
                .isZero();
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
