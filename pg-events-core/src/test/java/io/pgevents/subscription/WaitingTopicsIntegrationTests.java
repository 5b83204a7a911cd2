package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.jdbc.SqlStatements;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Events that nobody may ever subscribe to. */
@ExtendWith(LogCapture.class)
class WaitingTopicsIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final SubscriptionRegistration registration =
            new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema());

    @AfterEach
    void close() {
        bus.close();
    }

    private void insert(String topic, int count, String dueSince) {
        insert(topic, count, dueSince, "topic, payload, process_at", "");
    }

    private void insert(String topic, int count, String dueSince, String columns, String values) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (" + columns + ") SELECT ?, '{}', now() - ?::interval" + values
                                + " FROM generate_series(1, ?)",
                        topic,
                        dueSince,
                        count);
    }

    @Test
    void areReportedOnceWithTheSqlThatDeletesThem() {
        insert("ordr.placed", 3, "11 minutes");
        insert("it's", 1, "1 day");
        registration.reportWaiting();
        registration.reportWaiting();
        assertThat(LogCapture.warnings())
                .hasSize(2)
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("3 events or more of the topic \"ordr.placed\" wait for a first subscription"))
                .anySatisfy(warning -> assertThat(warning)
                        .contains("or delete them: DELETE FROM \"public\".event_queue"
                                + " WHERE subscription IS NULL AND status = 'pending' AND topic = 'it''s'"));
        String delete = LogCapture.warnings().stream()
                .filter(each -> each.contains("ordr"))
                .map(each -> each.substring(each.indexOf("DELETE")))
                .findFirst()
                .orElseThrow();
        assertThat(bus.jdbc().update(delete)).isEqualTo(3);

        insert("new.one", 1, "11 minutes");
        registration.reportWaiting();
        assertThat(LogCapture.warnings()).hasSize(3);
    }

    @Test
    void areNotReportedWhileTheyAreYoungOrScheduledOrBelongToSomebodyOrAreDone() {
        insert("young", 1, "9 minutes");
        insert("scheduled", 1, "-1 day");
        insert("known", 1, "1 day", "topic, payload, process_at, subscription", ", 's'");
        insert("done", 1, "1 day", "topic, payload, process_at, status, finished_at", ", 'done', now()");
        registration.reportWaiting();
        assertThat(LogCapture.warnings()).isEmpty();
    }

    @Test
    void areReportedUpToAHundred() {
        for (int i = 0; i < 101; i++) {
            insert("topic." + i, 1, "1 day");
        }
        registration.reportWaiting();
        registration.reportWaiting();
        assertThat(LogCapture.warnings()).hasSize(100);
    }

    @Test
    void areFoundByAnIndexWithoutReadingAll() {
        assertThat(plan()).contains("event_queue_claim").doesNotContain("Seq Scan", "Sort Key: e.");
        insert("wrong", 30_000, "1 day");
        insert("right", 30_000, "1 day", "topic, payload, process_at, subscription", ", 's'");
        assertThat(plan()).contains("event_queue_claim").doesNotContain("Seq Scan", "Sort Key: e.");
        bus.jdbc().execute("VACUUM ANALYZE event_queue");
        assertThat(plan()).contains("event_queue_claim").doesNotContain("Seq Scan", "Sort Key: e.");
        registration.reportWaiting();
        assertThat(LogCapture.warnings()).singleElement().asString().startsWith("10000 events or more");
    }

    private String plan() {
        String sql = new SqlStatements(bus.schema()).get("event_queue/waiting");
        for (String value : new String[] {"600000", "'{}'", "100"}) {
            sql = sql.replaceFirst("\\?", value);
        }
        return String.join("\n", bus.jdbc().queryForList("EXPLAIN (COSTS OFF) " + sql, String.class));
    }
}
