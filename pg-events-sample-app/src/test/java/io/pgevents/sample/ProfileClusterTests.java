package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.test.EmbeddedPostgresAutoConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One profile, watched and liked at two instances of the shop. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "pg-events.embedded-postgres.data-directory=")
@Timeout(300)
class ProfileClusterTests {

    private static final String CUT_LISTENERS = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'pg-events%'
            """;

    private final JdbcConnectionDetails server;
    private final JdbcClient jdbc;

    @Autowired
    ProfileClusterTests(JdbcConnectionDetails server, JdbcClient jdbc) {
        this.server = server;
        this.jdbc = jdbc;
    }

    @Test
    void everyInstanceHasTheRightNumbersAlthoughItsListeningConnectionIsCut() throws IOException {
        try (ShopProcess first = open();
                ShopProcess second = open()) {
            List<ProfileClient> doors = List.of(ada(first), ada(second));
            long before = doors.get(0).likes();
            assertThat(doors.get(1).likes()).isEqualTo(before);
            List<ProfileWatcher> watchers =
                    doors.stream().map(ProfileWatcher::new).toList();

            List<CompletableFuture<List<Integer>>> clicks = doors.stream()
                    .map(door -> CompletableFuture.supplyAsync(() -> door.like(1_000, 8)))
                    .toList();
            patiently().until(() -> watchers.get(0).count("likes") > before + 200);
            assertThat(jdbc.sql(CUT_LISTENERS).query(Long.class).single())
                    .as("one of each instance")
                    .isEqualTo(2);

            assertThat(clicks.stream().flatMap(each -> each.join().stream()))
                    .hasSize(2_000)
                    .containsOnly(204);
            for (ProfileWatcher watcher : watchers) {
                patiently()
                        .untilAsserted(() -> assertThat(watcher.count("likes")).isEqualTo(before + 2_000));
                watcher.close();
            }
            for (ProfileClient door : doors) {
                patiently().untilAsserted(() -> assertThat(door.likes()).isEqualTo(before + 2_000));
            }
        }
    }

    private ShopProcess open() throws IOException {
        return ShopProcess.start(server.getJdbcUrl(), server.getUsername());
    }

    private static ProfileClient ada(ShopProcess shop) {
        return new ProfileClient(shop.client().port(), "ada");
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(2));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        EmbeddedPostgresAutoConfiguration.class,
        DataSourceAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class
    })
    static class Server {}
}
