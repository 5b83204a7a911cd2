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

    private static final String NO_JSON = "'{\"a\": \"\\u0000\"}'";

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

    /** The keys of the changes so far, each with its place in the order. */
    private List<String> places() {
        return fixture.jdbc()
                .queryForList(
                        "SELECT concat_ws(' ', payload ->> 'key', ordering_key) FROM event_queue ORDER BY id",
                        String.class);
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
        assertThat(problem())
                .contains("public.page with the key 1")
                .contains("cannot be written as JSON: string too long");
        assertThat(places()).containsExactly("1 1");
    }

    @Test
    void aRowMayBeNoJson() {
        fixture.sql("INSERT INTO page VALUES (1, 'a', " + NO_JSON + ")");
        assertThat(problem())
                .contains("public.page with the key 1")
                .contains("cannot be written as JSON: unsupported Unicode");
        assertThat(fixture.jdbc().queryForList("SELECT id FROM page", Integer.class))
                .isEqualTo(List.of(1));
    }

    @Test
    void aRowThatIsNoJsonKeepsItsPlaceInTheOrder() {
        fixture.sql(
                "INSERT INTO page VALUES (1, 'a', '{}')",
                "UPDATE page SET doc = " + NO_JSON,
                "UPDATE page SET id = 2, doc = '{}'",
                "UPDATE page SET id = 3, doc = " + NO_JSON,
                "DELETE FROM page");
        assertThat(places()).containsExactly("1 1", "1 1", "2 2", "3 3", "3 3");
    }

    @Test
    void theKeyIsTheSameTextWhetherTheRowIsJsonOrNot() {
        fixture.sql(
                "CREATE TABLE sheet (doc json, at timestamptz, bytes bytea, \"it's \"\"a\"\" name\" text, size numeric(9, 3),"
                        + " PRIMARY KEY (size, \"it's \"\"a\"\" name\", at, bytes))");
        fixture.capture("sheet");
        fixture.sql(
                "INSERT INTO sheet VALUES ('{}', '2026-03-29 01:02:03+05', '\\x00ff', 'a \"b\"', 7)",
                "UPDATE sheet SET doc = " + NO_JSON);
        assertThat(places()).hasSize(2).allMatch(each -> each.equals(places().get(0)));
        assertThat(places().get(0)).startsWith("[7.000, \"a \\\"b\\\"\", \"2026-03-28T20:02:03+00:00\", ");
    }

    @Test
    void aRowThatIsNoJsonMayHaveNoKey() {
        fixture.sql("CREATE TABLE keyless (doc json)");
        fixture.capture("keyless");
        fixture.sql("INSERT INTO keyless VALUES (" + NO_JSON + ")");
        assertThat(problem()).startsWith("A change of public.keyless could not be captured");
        assertThat(places()).containsExactly("");
    }
}
