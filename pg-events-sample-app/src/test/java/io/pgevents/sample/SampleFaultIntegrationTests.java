package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.test.EmbeddedPostgresAutoConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.ClassMode;
import org.springframework.web.client.RestClientException;

/** Shops in their own JVMs are killed in the middle of their work; the database is the witness. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "pg-events.embedded-postgres.data-directory=")
@DirtiesContext(classMode = ClassMode.AFTER_EACH_TEST_METHOD)
@Timeout(300)
class SampleFaultIntegrationTests {

    private final JdbcConnectionDetails server;
    private final ShopBooks books;

    @Autowired
    SampleFaultIntegrationTests(JdbcConnectionDetails server, JdbcClient jdbc) {
        this.server = server;
        this.books = new ShopBooks(jdbc);
    }

    @Test
    void eachEffectExistsOnceAlthoughTheShopIsKilledTwiceUnderLoad() throws IOException {
        int bySql = 20_000;
        List<UUID> byHttp;
        try (ShopProcess shop = open()) {
            ShopClient client = shop.client();
            books.fillShelf();
            CompletableFuture<List<UUID>> customer =
                    CompletableFuture.supplyAsync(() -> orderUntilTheShopIsGone(client));
            books.place(bySql);
            awaitDone(OrderStatus.SHIPPED, 2_000);
            shop.kill();
            byHttp = customer.join();
        }
        long before = books.done(OrderStatus.SHIPPED);
        assertThat(before).isLessThan(bySql);
        try (ShopProcess shop = open()) {
            shop.client();
            awaitDone(OrderStatus.SHIPPED, before + 2_000);
            shop.kill();
        }
        assertThat(books.done(OrderStatus.SHIPPED)).isLessThan(bySql);
        try (ShopProcess shop = open()) {
            shop.client();
            patiently().until(() -> books.waiting() == 0);
        }
        assertThat(books.orderedByHttp()).containsAll(byHttp);
        // The last order may have been written without its answer having come through.
        assertThat(books.orderedByHttp().size() - byHttp.size()).isBetween(0, 1);
        books.assertEachEffectExistsOnce(bySql + books.orderedByHttp().size());
    }

    @Test
    void twoShopsShareTheWorkAndLoseNothingWhenOneIsStoppedAndOneIsKilled() throws IOException {
        int orders = 8_000;
        try (ShopProcess stopped = open();
                ShopProcess killed = open()) {
            stopped.client();
            killed.client();
            books.fillShelf();
            books.place(orders);
            patiently()
                    .untilAsserted(() -> assertThat(books.instances()).contains(stopped.instance(), killed.instance()));
            assertThat(stopped.stop()).as("exit code after SIGTERM").isEqualTo(143);
            long before = books.done(OrderStatus.SHIPPED);
            awaitDone(OrderStatus.SHIPPED, before + 500);
            killed.kill();
            assertThat(books.waiting()).isPositive();
        }
        try (ShopProcess last = open()) {
            last.client();
            patiently().until(() -> books.waiting() == 0);
        }
        books.assertEachEffectExistsOnce(orders);
    }

    private static List<UUID> orderUntilTheShopIsGone(ShopClient client) {
        List<UUID> accepted = new ArrayList<>();
        while (true) {
            try {
                accepted.add(client.place("Ada", "audited", 1));
            } catch (RestClientException gone) {
                return accepted;
            }
        }
    }

    private ShopProcess open() throws IOException {
        return ShopProcess.start(server.getJdbcUrl(), server.getUsername());
    }

    private void awaitDone(OrderStatus step, long orders) {
        patiently().until(() -> books.done(step) >= orders);
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
