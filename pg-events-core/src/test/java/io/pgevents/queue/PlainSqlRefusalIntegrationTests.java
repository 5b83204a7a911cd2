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
                topic, payload, priority      | 'a', '1', 9                | event_queue_priority
                topic, payload, priority      | 'a', '1', -1               | event_queue_priority
                topic, payload, ordering_key  | 'a', '1', repeat('x', 256) | ordering_key must have at most 255
                topic, payload, attempt_count | 'a', '1', -1               | attempt_count must not
                topic, payload, max_attempts  | 'a', '1', 0                | max_attempts must be
                topic, payload, status        | 'a', '1', 'new'            | event_queue_state
                topic, payload, status        | 'a', '1', 'done'           | event_queue_state
                topic, payload, status        | 'a', '1', 'failed'         | event_queue_state
                topic, payload, status        | 'a', '1', 'processing'     | event_queue_state
                topic, payload, finished_at   | 'a', '1', now()            | event_queue_state
                topic, payload, locked_until  | 'a', '1', now()            | event_queue_state
                topic, payload, process_at    | 'a', '1', 'infinity'       | event_queue_time
                topic, payload, process_at    | 'a', '1', '-infinity'      | event_queue_time
                topic, payload, created_at    | 'a', '1', 'infinity'       | event_queue_time
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
