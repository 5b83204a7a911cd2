package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limit of the payload is in bytes of its JSON text, and can be raised. */
class LargePayloadIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void refusesFiveMegabytesAndNamesTheProperty() {
        bus.transaction().executeWithoutResult(status -> {
            assertThatThrownBy(() -> bus.publisher().publish("a", "x".repeat(5_000_000)))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("5000002 bytes")
                    .hasMessageContaining("1048576")
                    .hasMessageContaining("pg-events.publish.max-payload-size");
            bus.publisher().publish("a", "small");
        });
        assertThat(bus.jdbc().queryForList("SELECT payload #>> '{}' FROM event_queue", String.class))
                .containsExactly("small");
    }

    @Test
    void countsBytesAndNotCharacters() {
        JdbcEventPublisher narrow = publisher(10);
        narrow.publish(OutgoingEvent.ofJson("a", "\"12345678\""));
        narrow.publish(OutgoingEvent.ofJson("a", "\"ääää\""));
        narrow.publish(OutgoingEvent.ofJson("a", "\"😀😀\""));
        for (String tooLong : new String[] {"\"123456789\"", "\"ääää1\"", "\"€€€\"", "\"😀😀1\""}) {
            assertThatThrownBy(() -> narrow.publish(OutgoingEvent.ofJson("a", tooLong)))
                    .as(tooLong)
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("max-payload-size");
        }
    }

    @Test
    void limitsHeadersAsWell() {
        assertThatThrownBy(() ->
                        bus.publisher().publish(OutgoingEvent.of("a", 1).withHeader("h", "x".repeat(2_000_000))))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("headers");
    }

    @Test
    void deliversFiveMegabytesWhenTheLimitIsRaised() {
        Recorder recorder = new Recorder();
        bus.subscribe("s", "a", TestSettings.QUICK, recorder).start();
        String text = "x".repeat(5_000_000);
        publisher(6_000_000).publish("a", Map.of("text", text));
        assertThat(recorder.await(1).get(0).payload()).isEqualTo("{\"text\": \"" + text + "\"}");
    }

    private JdbcEventPublisher publisher(int maxBytes) {
        return new JdbcEventPublisher(
                bus.pool(), bus.schema(), new Jackson2EventCodec(), new PublishSettings(maxBytes, Duration.ofDays(1)));
    }
}
