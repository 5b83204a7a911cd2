package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.channel.Channels;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A profile whose server goes and comes back. */
@Timeout(300)
class ProfileOutageIntegrationTests {

    private static final String MORE_LIKES = "UPDATE profile SET likes = likes + 1 WHERE name = 'ada'";

    @Test
    void goesOnAfterTheServerWasRestarted(@TempDir Path directory) throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        EmbeddedPostgres server = start(data, 0);
        String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
        // As somebody with psql, who does not wait for the pool of the shop.
        JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
        try (ConfigurableApplicationContext shop = open(url)) {
            ProfileClient ada = new ProfileClient(port(shop), "ada");
            long before = ada.likes();
            List<ProfileWatcher> watchers =
                    Stream.generate(() -> new ProfileWatcher(ada)).limit(2).toList();
            patiently().until(() -> watchers.stream().allMatch(each -> each.count("likes") == before));
            patiently().until(() -> isCached(shop));

            int port = server.getPort();
            server.close();
            patiently().until(() -> ada.like() >= 500);
            patiently().until(() -> !isListening(shop));
            server = start(data, port);
            patiently()
                    .ignoreExceptionsMatching(DataAccessException.class::isInstance)
                    .until(() -> jdbc.queryForObject("SELECT 1", Integer.class) != null);
            for (int i = 0; i < 100; i++) {
                jdbc.update(MORE_LIKES);
            }

            assertWatched(watchers, before + 100);
            patiently()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(ada.likes()).isEqualTo(before + 100));
            patiently().until(() -> isListening(shop));
            assertThat(shop.getBean(Channels.class).status().reconnects()).isEqualTo(1);
            // Both ways work again, from the click to the window.
            patiently().until(() -> ada.like() == 204);
            patiently().until(() -> ada.likes() == before + 101);
            assertWatched(watchers, before + 101);
            for (ProfileWatcher watcher : watchers) {
                assertThat(watcher.kinds()).containsOnly("counters");
                watcher.close();
            }
        } finally {
            server.close();
        }
    }

    private static void assertWatched(List<ProfileWatcher> watchers, long likes) {
        for (ProfileWatcher watcher : watchers) {
            patiently().untilAsserted(() -> assertThat(watcher.count("likes")).isEqualTo(likes));
        }
    }

    private static ConfigurableApplicationContext open(String url) {
        return SpringApplication.run(
                SampleApplication.class,
                "--server.port=0",
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=postgres",
                "--spring.datasource.password=postgres",
                "--spring.datasource.hikari.connection-timeout=2000");
    }

    private static int port(ConfigurableApplicationContext shop) {
        return shop.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static boolean isCached(ConfigurableApplicationContext shop) {
        CacheManager caches = shop.getBean(CacheManager.class);
        return Objects.requireNonNull(caches.getCache("profile-counters")).get("ada") != null;
    }

    private static boolean isListening(ConfigurableApplicationContext shop) {
        return shop.getBean(Channels.class).status().connectedSince() != null;
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(1));
    }

    private static EmbeddedPostgres start(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }
}
