package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be stored is refused before a statement runs: the caller's transaction goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvalidEventIntegrationTests {

    private static final String NUL = "\0";
    private static final String HALF = "\uD83D";
    private TestBus bus;

    @BeforeAll
    void start() {
        bus = new TestBus(TestPostgres.newDatabaseUrl());
    }

    @AfterAll
    void close() {
        bus.close();
    }

    @BeforeEach
    void empty() {
        bus.jdbc().execute("TRUNCATE event_queue");
    }

    /** A payload that contains itself. */
    public record Circle(List<Circle> self) {
        static Circle closed() {
            Circle circle = new Circle(new ArrayList<>());
            circle.self().add(circle);
            return circle;
        }
    }

    /** A payload that cannot be read. */
    public record Broken(List<String> names) {
        public String first() {
            return names.get(0);
        }

        public String getFirst() {
            return first();
        }
    }

    /** A class without a topic. */
    public record Unannotated(int n) {}

    static Stream<Arguments> refusedPayloads() {
        return Stream.of(
                refused("malformed JSON", "not valid JSON", () -> OutgoingEvent.ofJson("a", "{\"a\": ")),
                refused("two JSON values", "not valid JSON", () -> OutgoingEvent.ofJson("a", "{} {}")),
                refused("no JSON at all", "is empty", () -> OutgoingEvent.ofJson("a", "  ")),
                refused("JavaScript's NaN", "not valid JSON", () -> OutgoingEvent.ofJson("a", "NaN")),
                refused("JSON nested too deeply", "not valid JSON", () -> OutgoingEvent.ofJson("a", "[".repeat(5000))),
                refused("a number beyond numeric", "number", () -> OutgoingEvent.ofJson("a", "[1e200000]")),
                refused("a decimal beyond numeric", "number", () -> OutgoingEvent.of("a", new BigDecimal("1e-20000"))),
                refused("a circular object", "cannot be written", () -> OutgoingEvent.of("a", Circle.closed())),
                refused(
                        "a failing getter",
                        "Broken cannot be written",
                        () -> OutgoingEvent.of("a", new Broken(List.of()))),
                refused("a class without a topic", "@PgEvent", () -> OutgoingEvent.ofAnnotated(new Unannotated(1))),
                refused("NUL in the payload", "NUL", () -> OutgoingEvent.of("a", Map.of("text", "x" + NUL))),
                refused("NUL in a property", "NUL", () -> OutgoingEvent.of("a", Map.of("x" + NUL, 1))),
                refused("NUL as an escape", "NUL", () -> OutgoingEvent.ofJson("a", "\"\\u0000\"")),
                refused("NUL after a backslash", "NUL", () -> OutgoingEvent.ofJson("a", "\"\\\\\\u0000\"")));
    }

    static Stream<Arguments> refusedNamesAndTimes() {
        return Stream.of(
                refused("NUL in the key", "NUL", () -> event().withKey("k" + NUL)),
                refused("NUL in the type", "NUL", () -> event().withType("t" + NUL)),
                refused("NUL in a de-duplication key", "NUL", () -> event().withDeduplicationKey(NUL)),
                refused("NUL in a header", "NUL", () -> event().withHeader("h", NUL)),
                refused("NUL in a header's name", "NUL", () -> event().withHeader(NUL, "v")),
                refused("NUL in the topic", "Not a topic", () -> OutgoingEvent.of("a" + NUL, 1)),
                refused("half a character", "surrogate", () -> OutgoingEvent.ofJson("a", "\"" + HALF + "\"")),
                refused("half, escaped", "surrogate", () -> OutgoingEvent.ofJson("a", "\"\\ud83d\"")),
                refused("half, then text", "surrogate", () -> OutgoingEvent.ofJson("a", "\"\\ud83dx\"")),
                refused("the second half first", "surrogate", () -> OutgoingEvent.ofJson("a", "\"\\ude00\\ud83d\"")),
                refused("half in a header", "surrogate", () -> event().withHeader("h", HALF)),
                refused("half in the key", "surrogate", () -> event().withKey("k" + HALF)),
                refused("half in the type", "surrogate", () -> event().withType("t" + HALF)),
                refused("half in a de-duplication key", "surrogate", () -> event().withDeduplicationKey(HALF + "x")),
                refused("half in the topic", "Not a topic", () -> OutgoingEvent.of(HALF, 1)),
                refused(
                        "10,000 characters of topic",
                        "10000 characters",
                        () -> OutgoingEvent.of("x".repeat(10_000), 1)),
                refused("256 characters of key", "256 characters", () -> event().withKey("k".repeat(256))),
                refused("an empty topic", "Not a topic", () -> OutgoingEvent.of("", 1)),
                refused("a topic with a space", "Not a topic", () -> OutgoingEvent.of("order placed", 1)),
                refused("a topic with a line end", "Not a topic", () -> OutgoingEvent.of("order\n", 1)),
                refused("an empty word", "Not a topic", () -> OutgoingEvent.of("order..placed", 1)),
                refused("a dot at the end", "Not a topic", () -> OutgoingEvent.of("order.", 1)),
                refused("a pattern", "Patterns are for subscriptions", () -> OutgoingEvent.of("order.*", 1)),
                refused("a negative delay", "negative", () -> event().withDelay(Duration.ofMillis(-1))),
                refused("an endless delay", "9999", () -> event().withDelay(Duration.ofSeconds(Long.MAX_VALUE))),
                refused("a delay beyond 9999", "9999", () -> event().withDelay(Duration.ofDays(365L * 9_000))),
                refused("the end of time", "9999", () -> event().withDueTime(Instant.MAX)),
                refused("the year 10000", "9999", () -> event().withDueTime(Instant.parse("+10000-01-01T00:00:00Z"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"refusedPayloads", "refusedNamesAndTimes"})
    void refusesWithoutHarmToTheTransaction(String what, String message, Supplier<OutgoingEvent> event) {
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("before", 1);
            assertThatThrownBy(() -> bus.publisher().publishAll(List.of(OutgoingEvent.of("good", 1), event.get())))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining(message);
            bus.publisher().publish("after", 1);
        });
        assertThat(bus.jdbc().queryForList("SELECT topic FROM event_queue ORDER BY id", String.class))
                .containsExactly("before", "after");
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                accepted("a literal backslash-u0000", "\"\\\\u0000\"", OutgoingEvent.of("a", "\\u0000")),
                accepted("the same as JSON text", "\"\\\\u0000\"", OutgoingEvent.ofJson("a", "\"\\\\u0000\"")),
                accepted("two backslashes and more", "\"\\\\\\\\u0000\"", OutgoingEvent.of("a", "\\\\u0000")),
                accepted("a whole character", "\"😀\"", OutgoingEvent.ofJson("a", "\"\\uD83D\\uDE00\"")),
                accepted("a character of two halves", "\"😀\"", OutgoingEvent.of("a", "😀")),
                accepted("a control character", "\"\\u0001\"", OutgoingEvent.of("a", "\u0001")),
                accepted("JSON null", "null", OutgoingEvent.ofJson("a", "null")),
                accepted("a large number", "1" + "0".repeat(400), OutgoingEvent.ofJson("a", "1e400")),
                accepted("a key of 255 characters", "1", event().withKey("k".repeat(255))),
                accepted("a topic of 255 characters", "1", OutgoingEvent.of("x".repeat(255), 1)),
                accepted("letters of all kinds", "1", OutgoingEvent.of("Bestellung.größe_2.заказ-1.注文", 1)),
                accepted("999 years", "1", event().withDelay(Duration.ofDays(365L * 999))),
                accepted("the year 9999", "1", event().withDueTime(Instant.parse("9999-12-31T23:59:58Z"))),
                accepted("the beginning of time", "1", event().withDueTime(Instant.MIN)),
                accepted("the time of Caesar", "1", event().withDueTime(Instant.parse("-0043-03-15T12:00:00Z"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void storesWhatIsUnusualButValid(String what, String stored, OutgoingEvent event) {
        bus.publisher().publish(event);
        assertThat(bus.jdbc().queryForObject("SELECT payload::text FROM event_queue", String.class))
                .isEqualTo(stored);
    }

    @Test
    void takesATimeThatIsOverAsNow() {
        bus.publisher().publish(event().withDueTime(Instant.MIN));
        assertThat(bus.jdbc()
                        .queryForObject(
                                "SELECT abs(extract(epoch FROM process_at - created_at)) < 10 FROM event_queue",
                                Boolean.class))
                .isTrue();
    }

    @Test
    void letsAnUnknownTopicWait() {
        bus.publisher().publish("nobody.knows.it", 1);
        assertThat(bus.jdbc().queryForMap("SELECT status, subscription FROM event_queue"))
                .containsEntry("status", "pending")
                .containsEntry("subscription", null);
    }

    private static OutgoingEvent event() {
        return OutgoingEvent.of("a", 1);
    }

    private static Arguments refused(String what, String message, Supplier<OutgoingEvent> event) {
        return Arguments.of(what, message, event);
    }

    private static Arguments accepted(String what, String stored, OutgoingEvent event) {
        return Arguments.of(what, stored, event);
    }
}
