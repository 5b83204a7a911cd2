package io.pgevents.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.OutgoingEvent;
import io.pgevents.PgEventsStartException;
import io.pgevents.schema.SchemaSettings.Migrate;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Which schema the tables are in. */
class SchemaPlaceIntegrationTests {

    private static final String TABLES =
            "SELECT count(*) FROM pg_tables WHERE schemaname = ? AND tablename IN ('event_queue', 'event_schema_history')";

    private final String url = TestPostgres.newDatabaseUrl();

    @Test
    void isTheConnectionsOwnByDefault() {
        try (TestBus bus = new TestBus(url)) {
            assertThat(bus.schema().name()).isEqualTo("public");
            assertThat(tables(bus.jdbc(), "public")).isEqualTo(2);
        }
    }

    @Test
    void followsTheSearchPath() {
        try (HikariDataSource admin = TestPostgres.pool(url, 1)) {
            new JdbcTemplate(admin).execute("CREATE SCHEMA mine");
            try (TestBus bus = new TestBus(url + "?currentSchema=missing,mine,public")) {
                assertThat(bus.schema().name()).isEqualTo("mine");
                assertThat(tables(bus.jdbc(), "mine")).isEqualTo(2);
                assertThat(tables(bus.jdbc(), "public")).isZero();
            }
        }
    }

    @Test
    void saysSoWhenTheSearchPathLeadsNowhere() {
        try (HikariDataSource pool = TestPostgres.pool(url + "?currentSchema=missing", 1)) {
            SchemaInitializer initializer = new SchemaInitializer(pool, SchemaSettings.DEFAULT);
            assertThatThrownBy(initializer::initialize)
                    .isInstanceOf(PgEventsStartException.class)
                    .hasMessageContaining("search_path")
                    .hasMessageContaining("pg-events.schema.name");
        }
    }

    @Test
    void refusesANameThatWouldEndAFunction() {
        try (HikariDataSource pool = TestPostgres.pool(url, 1)) {
            SchemaInitializer initializer = new SchemaInitializer(pool, new SchemaSettings("a$$b", Migrate.TRUE));
            assertThatThrownBy(initializer::initialize)
                    .isInstanceOf(PgEventsStartException.class)
                    .hasMessageContaining("contains $$");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "Mixed Case", "with\"quote", "o'clock", "order", "größe", "a.b", "$1"})
    void worksInAnySchema(String name) {
        Recorder recorder = new Recorder();
        try (TestBus bus = new TestBus(url, new SchemaSettings(name, Migrate.TRUE))
                .settings(TestSettings::slowPoll)
                .subscribe("s", "a.*", TestSettings.QUICK, recorder)
                .start()) {
            bus.publisher().publishAll(List.of(OutgoingEvent.of("a.1", 1).withDeduplicationKey("d")));
            bus.jdbc()
                    .update("INSERT INTO " + bus.schema().quoted()
                            + ".event_queue (topic, payload) VALUES ('a.2', '2')");
            recorder.await(2);
            await().until(() -> bus.count("done") == 2);
            assertThat(tables(bus.jdbc(), name)).isEqualTo(2);
            assertThat(tables(bus.jdbc(), "public")).isZero();
        }
    }

    @Test
    void keepsTwoBusesOfOneDatabaseApart() {
        Recorder first = new Recorder();
        Recorder second = new Recorder();
        try (TestBus one = new TestBus(url, new SchemaSettings("one", Migrate.TRUE));
                TestBus two = new TestBus(url, new SchemaSettings("two", Migrate.TRUE))) {
            one.subscribe("s", "a", TestSettings.QUICK, first).start();
            two.subscribe("s", "a", TestSettings.QUICK, second).start();
            for (int i = 0; i < 50; i++) {
                one.publisher().publish("a", 1);
                two.publisher().publish("a", 2);
                two.publisher().publish("a", 2);
            }
            first.await(50);
            second.await(100);
            await().until(() -> one.count("done") == 50 && two.count("done") == 100);
            assertThat(first.payloads()).containsOnly("1").hasSize(50);
            assertThat(second.payloads()).containsOnly("2").hasSize(100);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "fresh"})
    void isCreatedOnceByManyInstancesThatStartTogether(String name) throws Exception {
        int instances = 8;
        ExecutorService executor = Executors.newFixedThreadPool(instances);
        CyclicBarrier together = new CyclicBarrier(instances);
        try (HikariDataSource pool = TestPostgres.pool(url, 2 * instances + 2)) {
            List<Callable<EventSchema>> starts = IntStream.range(0, instances)
                    .<Callable<EventSchema>>mapToObj(i -> () -> {
                        together.await();
                        return new SchemaInitializer(pool, new SchemaSettings(name, Migrate.TRUE)).initialize();
                    })
                    .toList();
            for (Future<EventSchema> each : executor.invokeAll(starts)) {
                assertThat(each.get().name()).isEqualTo(name);
            }
            assertThat(new JdbcTemplate(pool)
                            .queryForObject(
                                    "SELECT count(*) FROM \"" + name + "\".event_schema_history WHERE version = '1'",
                                    Integer.class))
                    .isEqualTo(1);
        } finally {
            executor.shutdownNow();
        }
    }

    private static int tables(JdbcTemplate jdbc, String schema) {
        return jdbc.queryForObject(TABLES, Integer.class, schema);
    }
}
