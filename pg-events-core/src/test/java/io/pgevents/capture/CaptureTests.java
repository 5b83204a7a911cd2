package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.DELETE;
import static io.pgevents.capture.RowChange.Operation.INSERT;
import static io.pgevents.capture.RowChange.Operation.TRUNCATE;
import static io.pgevents.capture.RowChange.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgevents.capture.Capture.Filter;
import io.pgevents.subscription.TopicPattern;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Topics and filters. */
class CaptureTests {

    private static String topic(String schema, String table) {
        String topic = new Capture(schema, table, List.of(), Filter.EVERYTHING).topic();
        assertThat(new TopicPattern(topic).isPattern()).isFalse();
        return topic;
    }

    @Test
    void differentTablesHaveDifferentTopics() {
        assertThat(List.of(
                        topic("a", "b"),
                        topic("a.b", "c"),
                        topic("a", "b.c"),
                        topic("a", "b-2e-c"),
                        topic("a", "b c"),
                        topic("a", "b_c"),
                        topic("a", "B_c"),
                        topic("größe", "#*😀")))
                .doesNotHaveDuplicates()
                .contains("change.a.b", "change.a.b_c", "change.größe.-23--2a--1f600-");
    }

    @Test
    void refusesTablesThatFitIntoNoTopic() {
        String odd = "#".repeat(63);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topic(odd, odd))
                .withMessageContaining("does not fit into a topic");
    }

    @Test
    void theIdOfAFilterStays() {
        assertThat(Filter.EVERYTHING.id()).isEmpty();
        Filter filter = new Filter(Set.of(UPDATE, INSERT), List.of("b", "a"), " NEW.active ");
        assertThat(filter).isEqualTo(new Filter(Set.of(INSERT, UPDATE), List.of("a", "b", "b"), "NEW.active"));
        assertThat(filter).hasToString("insert, update if one of [a, b] has changed where NEW.active");
        // Triggers and topics in databases are named after it.
        assertThat(filter.id()).isEqualTo("95a5b937");
    }

    @Test
    void aConditionSaysWhichOperationsItCanBeAskedFor() {
        assertThat(Filter.possibleFor(null)).contains(INSERT, UPDATE, DELETE, TRUNCATE);
        assertThat(Filter.possibleFor("new.a > 1")).containsOnly(INSERT, UPDATE, TRUNCATE);
        assertThat(Filter.possibleFor("OLD.a > 1")).containsOnly(UPDATE, DELETE, TRUNCATE);
        assertThat(Filter.possibleFor("OLD.a < NEW.a")).containsOnly(UPDATE, TRUNCATE);
        assertThat(Filter.possibleFor("NEW.a = 'old ''new' AND NEW.\"old\"")).contains(INSERT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Filter(Set.of(DELETE), List.of(), "NEW.a"))
                .withMessageContaining("NEW.a cannot be asked for the operation DELETE");
    }

    @Test
    void refusesFiltersThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Filter(Set.of(), List.of(), null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Filter(Set.of(DELETE), List.of("a"), null))
                .withMessageContaining("updates are not captured");
    }
}
