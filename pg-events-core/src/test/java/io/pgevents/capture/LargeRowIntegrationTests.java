package io.pgevents.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.PayloadConversionException;
import io.pgevents.capture.RowChange.Operation;
import io.pgevents.capture.RowChange.Updated;
import io.pgevents.support.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be captured does not fail the transaction that writes it. */
class LargeRowIntegrationTests {

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());

    @BeforeEach
    void capture() {
        fixture.sql("CREATE TABLE page (id int PRIMARY KEY, text text, doc json)");
        fixture.capture("page");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private String problem() {
        PayloadConversionException[] found = new PayloadConversionException[1];
        assertThatThrownBy(fixture::changes)
                .isInstanceOfSatisfying(PayloadConversionException.class, ex -> found[0] = ex);
        return String.valueOf(found[0].getMessage());
    }

    @Test
    void bothRowsOfAnUpdateTogetherMayBeTooLong() {
        fixture.sql(
                "INSERT INTO page VALUES (1, repeat('x', 700000))",
                "UPDATE page SET doc = '{}', text = text || 'y'",
                "DELETE FROM page");
        assertThat(fixture.operations()).containsExactly(Operation.INSERT, Operation.UPDATE, Operation.DELETE);
        Updated<?> updated = (Updated<?>) fixture.changes().get(1);
        assertThat(updated.oldRow()).isNull();
        assertThat(updated.changed()).containsExactlyInAnyOrder("doc", "text");
    }

    @Test
    void aLongOldRowDoesNotMatter() {
        fixture.sql("INSERT INTO page VALUES (1, repeat('x', 2000000))");
        fixture.jdbc().update("DELETE FROM event_queue");
        fixture.sql("UPDATE page SET text = 'short'");
        Updated<?> updated = (Updated<?>) fixture.changes().get(0);
        assertThat(updated.oldRow()).isNull();
        assertThat(updated.changed()).containsExactly("text");
    }

    @Test
    void aRowMayBeTooLong() {
        fixture.sql("INSERT INTO page VALUES (1, repeat('x', 1100000))");
        assertThat(problem())
                .isEqualTo("A change of public.page with the key 1 could not be captured: its row is longer than"
                        + " 1048576 bytes.");
        assertThat(fixture.jdbc().queryForObject("SELECT max(length(payload::text)) FROM event_queue", Integer.class))
                .isLessThan(1000);
    }

    @Test
    void aRowMayBeTooLongForJson() {
        fixture.sql("INSERT INTO page VALUES (1, repeat('x', 300000000))");
        assertThat(problem()).contains("public.page").contains("cannot be written as JSON: string too long");
    }

    @Test
    void aRowMayBeNoJson() {
        fixture.jdbc().update("INSERT INTO page VALUES (1, 'a', '{\"a\": \"\\u0000\"}')");
        assertThat(problem()).contains("public.page").contains("cannot be written as JSON: unsupported Unicode");
        assertThat(fixture.jdbc().queryForList("SELECT id FROM page", Integer.class))
                .isEqualTo(List.of(1));
    }
}
