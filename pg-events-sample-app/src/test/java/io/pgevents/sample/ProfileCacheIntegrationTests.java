package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cache.CacheManager;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where the counters of a profile come from. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "pg-events.embedded-postgres.data-directory=",
            "shop.payment-failure-rate=0",
            "shop.payment-retry-delay=20ms"
        })
class ProfileCacheIntegrationTests {

    private static final String MORE_LIKES = "UPDATE profile SET likes = likes + 1 WHERE name = 'barbara'";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final CacheManager caches;
    private final ProfileClient barbara;

    ProfileCacheIntegrationTests(
            @Autowired JdbcClient jdbc,
            @Autowired PlatformTransactionManager transactions,
            @Autowired CacheManager caches,
            @LocalServerPort int port) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.caches = caches;
        this.barbara = new ProfileClient(port, "barbara");
    }

    @Test
    void answersFromTheCache() {
        long before = cachedLikes();

        // The triggers do not hear of this one, so nobody but the row knows.
        transaction.executeWithoutResult(status -> {
            jdbc.sql("SET LOCAL session_replication_role = replica").update();
            jdbc.sql(MORE_LIKES).update();
        });
        assertThat(barbara.likes()).isEqualTo(before);

        jdbc.sql(MORE_LIKES).update();
        await().until(() -> !isCached());
        assertThat(barbara.likes()).isEqualTo(before + 2);
    }

    @Test
    void keepsTheCountersUntilTheChangeIsCommitted() {
        long before = cachedLikes();

        transaction.executeWithoutResult(status -> {
            jdbc.sql(MORE_LIKES).update();
            assertThat(barbara.likes()).isEqualTo(before);
            assertThat(isCached()).isTrue();
        });

        await().until(() -> !isCached());
        assertThat(barbara.likes()).isEqualTo(before + 1);
    }

    @Test
    void answersInJsonAndStreamsEvents() throws IOException {
        assertThat(contentType(barbara.get("/counters"))).isEqualTo("application/json");
        HttpResponse<InputStream> stream = barbara.stream();
        try (InputStream opened = stream.body()) {
            assertThat(contentType(stream)).startsWith("text/event-stream");
            assertThat(opened.read()).as("something comes").isNotNegative();
        }
    }

    /** The likes as the cache has them from now on: changes of earlier tests may yet be on their way. */
    private long cachedLikes() {
        long inDatabase = jdbc.sql("SELECT likes FROM profile WHERE name = 'barbara'")
                .query(Long.class)
                .single();
        jdbc.sql(MORE_LIKES).update();
        await().until(() -> barbara.likes() == inDatabase + 1 && isCached());
        return inDatabase + 1;
    }

    private boolean isCached() {
        return Objects.requireNonNull(caches.getCache("profile-counters")).get("barbara") != null;
    }

    private static String contentType(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("none");
    }
}
