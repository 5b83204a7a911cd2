package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgevents.EventStatus;
import io.pgevents.Priority;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The enum, the CHECK constraints and the statements know the same states and the same arrows. */
class StatusAgreementIntegrationTests {

    private static final Path STATEMENTS = Path.of("src/main/resources/io/pgevents/sql");
    private static final Pattern WORD = Pattern.compile("'([a-z]+)'");

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void theTableKnowsTheStatesOfTheEnum() {
        assertThat(words(between(problems(), "status NOT IN", ")")))
                .isEqualTo(
                        Stream.of(EventStatus.values()).map(EventStatus::text).collect(Collectors.toSet()));
    }

    @Test
    void theTableKnowsTheFinalStatesOfTheEnum() {
        for (EventStatus status : EventStatus.values()) {
            bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('a', '1')");
            bus.jdbc().update("UPDATE event_queue SET status = ?", status.text());
            assertThat(bus.jdbc().queryForObject("SELECT finished_at IS NOT NULL FROM event_queue", Boolean.class))
                    .isEqualTo(status.isFinal());
            bus.jdbc().execute("TRUNCATE event_queue");
        }
    }

    @Test
    void theTableKnowsThePrioritiesOfTheEnum() {
        for (Priority priority : Priority.values()) {
            assertThatCode(() -> bus.jdbc()
                            .update(
                                    "INSERT INTO event_queue (topic, payload, priority) VALUES ('a', '1', ?)",
                                    priority.level()))
                    .doesNotThrowAnyException();
            assertThat(Priority.ofLevel(priority.level())).isEqualTo(priority);
        }
        assertThat(problems()).contains("priority NOT BETWEEN 0 AND " + (Priority.values().length - 1));
    }

    @Test
    void theTableAllowsEveryArrowOfTheEnumToAClientThatNamesTheStatusOnly() {
        for (EventStatus from : EventStatus.values()) {
            for (EventStatus to : from.successors()) {
                bus.jdbc().execute("TRUNCATE event_queue");
                bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('a', '1')");
                bus.jdbc().update("UPDATE event_queue SET status = ?", from.text());
                bus.jdbc().update("UPDATE event_queue SET status = ?", to.text());
                assertThat(bus.jdbc().queryForObject("SELECT status FROM event_queue", String.class))
                        .isEqualTo(to.text());
            }
        }
    }

    @Test
    void everyStatementThatSetsAStatusFollowsAnArrowOfTheEnum() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (Path file : statements()) {
            String sql = Files.readString(file);
            Set<String> to = words(between(sql, "SET status =", ","));
            Set<String> from = words(sql.replace(between(sql, "SET status =", ","), "")).stream()
                    .filter(word -> Stream.of(EventStatus.values())
                            .anyMatch(status -> status.text().equals(word)))
                    .collect(Collectors.toSet());
            for (String each : from) {
                to.forEach(next -> seen.add(each + " -> " + next));
            }
        }
        assertThat(seen)
                .containsExactly(
                        "failed -> pending",
                        "pending -> done",
                        "pending -> failed",
                        "pending -> pending",
                        "processing -> done",
                        "processing -> failed",
                        "processing -> pending");
        assertThat(seen)
                .filteredOn(arrow -> !arrow.equals("pending -> pending"))
                .allSatisfy(arrow -> {
                    String[] ends = arrow.toUpperCase(java.util.Locale.ROOT).split(" -> ", -1);
                    assertThat(EventStatus.valueOf(ends[0]).successors()).contains(EventStatus.valueOf(ends[1]));
                });
    }

    @Test
    void statementsNameStatesAsLiteralsSoThatPartialIndexesServeGenericPlans() throws IOException {
        Pattern bound = Pattern.compile("status\\s*(=|<>|IN|=\\s*ANY)\\s*\\(?\\s*\\?");
        assertThat(bound.matcher("WHERE status = ?").find()).isTrue();
        for (Path file : statements()) {
            assertThat(bound.matcher(Files.readString(file)).find())
                    .as("%s", file)
                    .isFalse();
        }
    }

    private static List<Path> statements() throws IOException {
        try (Stream<Path> files = Files.walk(STATEMENTS)) {
            List<Path> all =
                    files.filter(file -> file.toString().endsWith(".sql")).toList();
            assertThat(all).hasSizeGreaterThan(30);
            return all;
        }
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin);
        return from < 0 ? "" : text.substring(from, text.indexOf(end, from));
    }

    private static Set<String> words(String text) {
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(each -> each.replace("'", ""))
                .collect(Collectors.toSet());
    }

    private String problems() {
        return Objects.requireNonNull(bus.jdbc()
                .queryForObject("SELECT prosrc FROM pg_proc WHERE proname = 'event_queue_problem'", String.class));
    }
}
