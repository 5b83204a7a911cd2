package io.pgevents.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.PgEventsStartException;
import io.pgevents.boot.listener.SubscriptionOptions;
import io.pgevents.maintenance.Retention;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.schema.SchemaSettings;
import io.pgevents.schema.SchemaSettings.Migrate;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.mock.env.MockEnvironment;

class CoreSettingsTests {

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void haveTheDefaultsOfCore() {
        CoreSettings settings = settings();
        assertThat(settings.schema()).isEqualTo(SchemaSettings.DEFAULT);
        assertThat(settings.publish()).isEqualTo(PublishSettings.DEFAULT);
        PgEventsSettings runtime = settings.runtime(new SimpleDriverDataSource());
        assertThat(runtime)
                .usingRecursiveComparison()
                .ignoringFields("nodeName")
                .isEqualTo(PgEventsSettings.DEFAULT);
        assertThat(properties().subscription()).isEqualTo(SubscriptionOptions.NONE);
    }

    @Test
    void areReadFromTheProperties() {
        environment
                .withProperty("pg-events.schema.name", "bus")
                .withProperty("pg-events.schema.migrate", "validate")
                .withProperty("pg-events.listen.enabled", "false")
                .withProperty("pg-events.poll-interval", "250ms")
                .withProperty("pg-events.max-transactions", "3")
                .withProperty("pg-events.retention.done", "0")
                .withProperty("pg-events.retention.failed", "30d")
                .withProperty("pg-events.publish.max-payload-size", "64KB")
                .withProperty("pg-events.publish.deduplication-window", "1h")
                .withProperty("pg-events.subscription.mode", "leased")
                .withProperty("pg-events.subscription.retry.max-attempts", "4")
                .withProperty("spring.lifecycle.timeout-per-shutdown-phase", "12s");
        CoreSettings settings = settings();
        assertThat(settings.schema()).isEqualTo(new SchemaSettings("bus", Migrate.VALIDATE));
        assertThat(settings.publish()).isEqualTo(new PublishSettings(65_536, Duration.ofHours(1)));
        assertThat(settings.runtime(new SimpleDriverDataSource()))
                .isEqualTo(new PgEventsSettings(
                        settings.nodeName(),
                        false,
                        Duration.ofMillis(250),
                        3,
                        Duration.ofSeconds(10),
                        new Retention(Duration.ZERO, Duration.ofDays(30))));
        assertThat(properties().subscription().mode()).isEqualTo(Mode.LEASED);
    }

    @ParameterizedTest
    @CsvSource({"10, 5", "1, 1", "7, 3"})
    void handleInHalfOfThePool(int pool, int transactions) {
        try (HikariDataSource hikari = new HikariDataSource()) {
            hikari.setMaximumPoolSize(pool);
            assertThat(settings().runtime(hikari).maxTransactions()).isEqualTo(transactions);
            assertThat(settings()
                            .runtime(new LazyConnectionDataSourceProxy(hikari))
                            .maxTransactions())
                    .as("behind a proxy")
                    .isEqualTo(transactions);
        }
    }

    @Test
    void nameTheNodeAfterApplicationHostAndProcess() {
        environment.setProperty("spring.application.name", "shop");
        assertThat(settings().nodeName())
                .startsWith("shop@")
                .endsWith(":" + ProcessHandle.current().pid());
    }

    @ParameterizedTest
    @CsvSource({
        "pg-events.poll-interval, 1ms, pg-events.poll-interval",
        "pg-events.poll-interval, 1h, pg-events.poll-interval",
        "pg-events.max-transactions, 0, pg-events.max-transactions",
        "pg-events.retention.done, -1s, pg-events.retention.*",
        "pg-events.publish.max-payload-size, 0, pg-events.publish.*",
        "pg-events.publish.max-payload-size, 3GB, pg-events.publish.*",
        "pg-events.publish.deduplication-window, 0, pg-events.publish.*"
    })
    void refuseInvalidValues(String property, String value, String named) {
        environment.setProperty(property, value);
        assertThatExceptionOfType(PgEventsStartException.class)
                .isThrownBy(() -> {
                    settings().publish();
                    settings().runtime(new SimpleDriverDataSource());
                })
                .satisfies(failure -> assertThat(failure.action()).contains(named));
    }

    private CoreSettings settings() {
        return new CoreSettings(properties(), environment);
    }

    private PgEventsProperties properties() {
        return Binder.get(environment).bindOrCreate("pg-events", PgEventsProperties.class);
    }
}
