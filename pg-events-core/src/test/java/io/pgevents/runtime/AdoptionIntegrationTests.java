package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Events that have waited for their first subscription are adopted beside the work of a running instance. */
@Timeout(90)
class AdoptionIntegrationTests {

    private static final Duration BEFORE_THE_POLL = Duration.ofSeconds(20);

    private final String url = TestPostgres.newDatabaseUrl();
    private final TestBus bus = new TestBus(url);
    private final Recorder recorder = new Recorder();

    @AfterEach
    void close() {
        bus.close();
    }

    /** They are older than what was handled meanwhile, so no claim from the floor on finds them. */
    @Test
    void whatIsAdoptedWhenTheConsumerHasComeToRestIsHandledWithoutNotificationOrPoll() throws SQLException {
        insertWaiting(50);
        holdAdoptions();
        bus.subscribe("s", "t", TestSettings.QUICK, recorder)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), false, Duration.ofMinutes(1), 5, s.drainTimeout(), s.retention()));
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres")) {
            JdbcTemplate holder = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            holder.execute("SELECT pg_advisory_lock(1)");
            bus.start();
            await().until(() -> adoptionsHeld(holder) == 1);
            bus.publisher().publish("t", "newer");
            recorder.await(1);
            awaitRest(holder);
            assertThat(recorder.events()).hasSize(1);
            holder.execute("SELECT pg_advisory_unlock(1)");
            await().atMost(BEFORE_THE_POLL).until(() -> recorder.events().size() == 51);
        }
    }

    private void insertWaiting(int events) {
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload) SELECT 't', '1' FROM generate_series(1, ?)", events);
    }

    private void holdAdoptions() {
        bus.jdbc()
                .execute("CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END $$");
        bus.jdbc()
                .execute("CREATE TRIGGER hold BEFORE UPDATE ON event_queue FOR EACH ROW"
                        + " WHEN (OLD.subscription IS NULL) EXECUTE FUNCTION hold()");
    }

    private static int adoptionsHeld(JdbcTemplate holder) {
        return holder.queryForObject("SELECT count(*) FROM pg_locks WHERE NOT granted", Integer.class);
    }

    /** No statement of the instance any more: the sweep that follows the last event is over as well. */
    private static void awaitRest(JdbcTemplate holder) {
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(40))
                .until(
                        () -> holder.queryForObject(
                                "SELECT max(state_change) < clock_timestamp() - interval '1 s' FROM pg_stat_activity"
                                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                                Boolean.class),
                        quiet -> quiet);
    }
}
