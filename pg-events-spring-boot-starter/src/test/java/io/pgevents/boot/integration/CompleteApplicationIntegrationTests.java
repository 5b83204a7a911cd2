package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.EventPublisher;
import io.pgevents.PgSubscribe;
import io.pgevents.support.TestPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/** An application as Spring Boot makes it: everything on the class path is configured, JPA and Flyway included. */
class CompleteApplicationIntegrationTests {

    @Entity
    @Table(name = "shop_order")
    static class ShopOrder {
        @Id
        private long id;

        private String item = "";

        protected ShopOrder() {}

        ShopOrder(long id, String item) {
            this.id = id;
            this.item = item;
        }

        String item() {
            return item;
        }
    }

    static class Shop {
        private final EntityManager entities;
        private final EventPublisher publisher;
        private final Inbox inbox;

        Shop(EntityManager entities, EventPublisher publisher, Inbox inbox) {
            this.entities = entities;
            this.publisher = publisher;
            this.inbox = inbox;
        }

        @Transactional
        public void place(long id, String item, boolean fail) {
            entities.persist(new ShopOrder(id, item));
            publisher.publish("order.placed", Map.of("id", id));
            if (fail) {
                throw new IllegalStateException("rolled back");
            }
        }

        @PgSubscribe(topic = "order.placed")
        @Transactional
        public void on(Map<String, Long> event) {
            inbox.add(entities.find(ShopOrder.class, event.get("id")).item());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = CompleteApplicationIntegrationTests.class)
    @Import({Shop.class, Inbox.class})
    static class Application {}

    @Test
    void joinsJpaTransactions() throws InterruptedException {
        try (ConfigurableApplicationContext context = start(TestPostgres.newDatabaseUrl())) {
            assertThat(context.getBean("transactionManager")).isInstanceOf(JpaTransactionManager.class);
            Shop shop = context.getBean(Shop.class);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> shop.place(1, "lost", true));
            shop.place(2, "book", false);

            assertThat(context.getBean(Inbox.class).next()).isEqualTo("book");
            assertThat(context.getBean(JdbcTemplate.class)
                            .queryForObject("SELECT count(*) FROM event_queue", Long.class))
                    .isEqualTo(1);
        }
    }

    @Test
    void leavesTheMigrationsOfTheApplicationAlone() {
        String url = TestPostgres.newDatabaseUrl();
        for (int start = 1; start <= 2; start++) {
            try (ConfigurableApplicationContext context = start(url)) {
                JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
                assertThat(context.getBean(Flyway.class).info().applied()).hasSize(1);
                assertThat(jdbc.queryForList("SELECT script FROM flyway_schema_history", String.class))
                        .containsExactly("V1__shop_order.sql");
                assertThat(jdbc.queryForObject("SELECT to_regclass('event_queue') IS NOT NULL", Boolean.class))
                        .isTrue();
            }
        }
    }

    private static ConfigurableApplicationContext start(String url) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.datasource.url=" + url,
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=postgres",
                        "--spring.flyway.locations=classpath:shop-migrations",
                        "--spring.jpa.hibernate.ddl-auto=validate");
    }
}
