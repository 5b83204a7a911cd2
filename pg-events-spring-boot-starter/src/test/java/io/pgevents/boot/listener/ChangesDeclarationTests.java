package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.Event;
import io.pgevents.PgEventsStartException;
import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowChange;
import io.pgevents.capture.RowChange.Operation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.annotation.Async;

/** What a method annotated with {@link PgChanges} may take. */
class ChangesDeclarationTests {

    record Row(int id) {}

    static class Handlers {
        void all(RowChange<Row> change) {}

        void event(Event<RowChange<Row>> change) {}

        void batch(List<RowChange.Updated<Row>> changes) {}

        void wildcards(List<? extends RowChange.Updated<Row>> changes) {}

        void deleted(RowChange.Deleted<Row> change) {}

        void row(Row row) {}

        @SuppressWarnings("rawtypes")
        void raw(RowChange change) {}
    }

    private static ChangeType type(String method) {
        MethodPlace place = Arrays.stream(Handlers.class.getDeclaredMethods())
                .filter(each -> each.getName().equals(method))
                .map(each -> new MethodPlace("handlers", Handlers.class, each))
                .findFirst()
                .orElseThrow();
        return ChangeType.of(place, HandlerSignature.of(place));
    }

    @Test
    void takesChangesOfAType() {
        assertThat(type("all")).isEqualTo(new ChangeType(RowChange.class, Row.class));
        assertThat(type("event")).isEqualTo(type("all"));
        assertThat(type("batch")).isEqualTo(new ChangeType(RowChange.Updated.class, Row.class));
        assertThat(type("wildcards")).isEqualTo(type("batch"));
    }

    @Test
    void theKindOfChangeNarrowsTheOperations() {
        assertThat(type("all").operations()).isEqualTo(EnumSet.allOf(Operation.class));
        assertThat(type("batch").operations()).containsExactly(Operation.UPDATE);
        assertThat(type("deleted").operations()).containsExactly(Operation.DELETE);
    }

    @Test
    void refusesWhatIsNoChange() {
        for (String method : List.of("row", "raw")) {
            assertThatExceptionOfType(PgEventsStartException.class)
                    .isThrownBy(() -> type(method))
                    .withMessageContaining("takes no row change")
                    .withMessageContaining("Take RowChange<Profile>");
        }
    }

    @Test
    void refusesContradictions() {
        ListenerRunner.failure(
                ex -> assertThat(ex)
                        .hasMessageContaining("contradictory(Deleted)")
                        .hasMessageContaining("operations = [INSERT], but takes only [DELETE]"),
                Contradictory.class);
        ListenerRunner.failure(
                ex -> assertThat(ex).hasMessageContaining("No operation is left to capture"), NeverTrue.class);
    }

    @Test
    void refusesWhatRunsOnAnotherThread() {
        ListenerRunner.failure(ex -> assertThat(ex).hasMessageContaining("is @Async"), InTheBackground.class);
    }

    static class InTheBackground {
        @PgChanges(table = "t")
        @Async
        void inTheBackground(RowChange<Row> change) {}
    }

    static class Contradictory {
        @PgChanges(table = "t", operations = Operation.INSERT)
        void contradictory(RowChange.Deleted<Row> change) {}
    }

    static class NeverTrue {
        @PgChanges(table = "t", condition = "NEW.id > 1")
        void neverTrue(RowChange.Deleted<Row> change) {}
    }
}
