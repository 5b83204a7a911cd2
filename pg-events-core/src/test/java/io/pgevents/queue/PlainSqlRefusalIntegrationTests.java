package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataIntegrityViolationException;

/** What the table refuses from clients that know nothing but SQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlainSqlRefusalIntegrationTests {

    private TestBus bus;

    @BeforeAll
    void start() {
        bus = new TestBus(TestPostgres.newDatabaseUrl());
    }

    @AfterAll
    void close() {
        bus.close();
    }

    static Stream<String> refused() {
        return """
                topic, payload                | repeat('x', 10000), '1'    | topic must have 1 to 255
                topic, payload                | '', '1'                    | topic must have 1 to 255
                topic, payload                | 'a', NULL                  | payload
                payload                       | '1'                        | topic
                topic, payload, priority      | 'a', '1', 9                | priority must be 0, 1 or 2
                topic, payload, priority      | 'a', '1', -1               | priority must be 0, 1 or 2
                topic, payload, ordering_key  | 'a', '1', repeat('x', 256) | ordering_key must have at most 255
                topic, payload, attempt_count | 'a', '1', -1               | attempt_count must not
                topic, payload, max_attempts  | 'a', '1', 0                | max_attempts must be
                topic, payload, status        | 'a', '1', 'new'            | status must be
                topic, payload, status        | 'a', '1', 'done'           | finished_at belongs to
                topic, payload, status        | 'a', '1', 'failed'         | finished_at belongs to
                topic, payload, status        | 'a', '1', 'processing'     | locked_until belongs to
                topic, payload, finished_at   | 'a', '1', now()            | finished_at belongs to
                topic, payload, locked_until  | 'a', '1', now()            | locked_until belongs to
                topic, payload, process_at    | 'a', '1', 'infinity'       | must be finite
                topic, payload, process_at    | 'a', '1', '-infinity'      | must be finite
                topic, payload, created_at    | 'a', '1', 'infinity'       | must be finite
                topic, payload, subscription, priority | 'a', '1', 's', 9 | priority must be 0, 1 or 2
                topic, payload, event_id, priority | 'a', '1', gen_random_uuid(), 9 | priority must be 0, 1 or 2
                """.lines();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(String line) {
        List<String> parts = Stream.of(line.split("\\|")).map(String::strip).toList();
        String insert = "INSERT INTO event_queue (" + parts.get(0) + ") VALUES (" + parts.get(1) + ")";
        assertThatThrownBy(() -> bus.jdbc().update(insert))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining(parts.get(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    status = 'new'          | status must be pending, processing, done or failed
                    priority = 3            | priority must be 0, 1 or 2
                    process_at = 'infinity' | process_at and created_at must be finite
                    created_at = 'infinity' | process_at and created_at must be finite
                    """)
    void refusesToUpdate(String change, String problem) {
        bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('updated', '1')");
        assertThatThrownBy(() -> bus.jdbc().update("UPDATE event_queue SET " + change + " WHERE topic = 'updated'"))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining(problem);
        bus.jdbc().update("DELETE FROM event_queue");
    }

    @Test
    void takesACompleteRowOfAnyStatusAndDoesNotRouteWhatIsNotPending() {
        bus.jdbc().update("INSERT INTO event_subscription (name, topics) VALUES ('s', '{a}')");
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, status, finished_at, locked_until) VALUES"
                        + " ('a', '1', 'done', now(), NULL), ('a', '1', 'failed', now(), NULL),"
                        + " ('a', '1', 'processing', NULL, now()), ('a', '1', 'pending', NULL, NULL)");
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT status || coalesce(' ' || subscription, '') FROM event_queue ORDER BY id",
                                String.class))
                .containsExactly("done", "failed", "processing", "pending s");
    }
}
