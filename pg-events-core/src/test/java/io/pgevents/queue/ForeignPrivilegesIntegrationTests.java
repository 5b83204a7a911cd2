package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What foreign clients have to be granted, as docs/operations.md says it. */
class ForeignPrivilegesIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final String role = "foreign_" + url.substring(url.lastIndexOf('/') + 1);
    private final TestBus bus = new TestBus(url);
    private final JdbcTemplate foreign = new JdbcTemplate(new DriverManagerDataSource(url, role, "secret"));

    @BeforeEach
    void createRole() {
        sql(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'secret'",
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                "GRANT USAGE ON SCHEMA public TO " + role,
                "GRANT SELECT ON event_subscription TO " + role,
                "INSERT INTO event_subscription (name, topics) VALUES ('s', '{a}')");
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private void sql(String... statements) {
        for (String each : statements) {
            bus.jdbc().execute(each);
        }
    }

    private int count(String table) {
        return bus.jdbc().queryForObject("SELECT count(*) FROM " + table, Integer.class);
    }

    @Test
    void aPublisherInsertsIntoTheQueueAndTheLog() {
        sql("GRANT INSERT ON event_queue TO " + role);
        String publish = "INSERT INTO event_queue (topic, payload) VALUES ('a', '1')";
        foreign.update(publish);
        sql("INSERT INTO event_subscription (name, topics) VALUES ('$live', '{a}')");
        assertThatThrownBy(() -> foreign.update(publish))
                .hasStackTraceContaining("permission denied for table event_log");
        sql("GRANT INSERT ON event_log TO " + role);
        foreign.update(publish);
        foreign.update("INSERT INTO event_log (topic, payload) VALUES ('a', '1')");
        assertThat(count("event_queue")).isEqualTo(2);
        assertThat(count("event_log")).isEqualTo(2);
    }

    @Test
    void aConsumerReadsAndUpdatesTheQueue() {
        sql(
                "INSERT INTO event_queue (topic, payload) VALUES ('a', '1')",
                "GRANT SELECT, UPDATE ON event_queue TO " + role);
        foreign.update("UPDATE event_queue SET status = 'processing' WHERE id IN (SELECT id FROM event_queue"
                + " WHERE subscription = 's' AND status = 'pending' LIMIT 1 FOR UPDATE SKIP LOCKED)");
        foreign.update("UPDATE event_queue SET status = 'done' WHERE status = 'processing'");
        foreign.update("UPDATE event_queue SET status = 'pending' WHERE status = 'done'");
        assertThat(count("event_queue WHERE status = 'pending' AND subscription = 's'"))
                .isEqualTo(1);
    }
}
