package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.DELETE;
import static io.pgevents.capture.RowChange.Operation.INSERT;
import static io.pgevents.capture.RowChange.Operation.TRUNCATE;
import static io.pgevents.capture.RowChange.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.capture.RowChange.Deleted;
import io.pgevents.capture.RowChange.Inserted;
import io.pgevents.capture.RowChange.Truncated;
import io.pgevents.capture.RowChange.Updated;
import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What is captured of a table, and what is not. */
class CaptureIntegrationTests {

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());

    record Profile(int id, String displayName, boolean active) {}

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void tellsWhatHappenedToRows() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, display_name text, active boolean)");
        fixture.capture("profile");
        fixture.sql(
                "INSERT INTO profile VALUES (1, 'Ada', true)",
                "UPDATE profile SET display_name = 'Grace'",
                "DELETE FROM profile",
                "TRUNCATE profile");

        List<RowChange<Object>> changes = fixture.changes(Profile.class);
        Profile ada = new Profile(1, "Ada", true);
        Profile grace = new Profile(1, "Grace", true);
        assertThat(changes).hasSize(4);
        assertThat(changes.get(0)).isEqualTo(new Inserted<>(ada, changes.get(0).metadata()));
        assertThat(changes.get(1))
                .isEqualTo(new Updated<>(
                        grace,
                        ada,
                        Set.of("display_name"),
                        Set.of(),
                        changes.get(1).metadata()));
        assertThat(changes.get(2)).isEqualTo(new Deleted<>(grace, changes.get(2).metadata()));
        assertThat(changes.get(3)).isEqualTo(new Truncated<>(changes.get(3).metadata()));
        assertThat(changes).extracting(each -> each.metadata().key()).containsExactly("1", "1", "1", null);
        assertThat(changes).allSatisfy(each -> {
            assertThat(each.metadata().schema()).isEqualTo("public");
            assertThat(each.metadata().table()).isEqualTo("profile");
            assertThat(each.metadata().transactionId()).matches("\\d+");
        });
    }

    @Test
    void isPartOfTheTransaction() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY)");
        fixture.capture("profile");
        fixture.bus().transaction().executeWithoutResult(status -> {
            fixture.sql("INSERT INTO profile VALUES (1)");
            assertThat(fixture.operations()).containsExactly(INSERT);
            status.setRollbackOnly();
        });
        assertThat(fixture.changes()).isEmpty();
    }

    @Test
    void leavesOutUpdatesThatChangeNothing() {
        // json and point cannot be compared with =.
        fixture.sql(
                "CREATE TABLE profile (id int PRIMARY KEY, place point, doc json, name text)",
                "INSERT INTO profile VALUES (1, '(1,2)', '{\"a\": 1}', NULL)");
        fixture.capture("profile");
        fixture.sql("UPDATE profile SET place = '(1,2)', doc = '{\"a\": 1}', name = NULL");
        assertThat(fixture.changes()).isEmpty();
        fixture.sql(
                "UPDATE profile SET place = '(1,3)'", "UPDATE profile SET doc = '{}'", "UPDATE profile SET name = ''");
        assertThat(fixture.operations()).containsExactly(UPDATE, UPDATE, UPDATE);
    }

    @Test
    void writesNothingWithoutASubscription() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY)");
        fixture.captures().declare("profile", Capture.Filter.EVERYTHING);
        fixture.captures().start();
        fixture.sql("INSERT INTO profile VALUES (1)");
        assertThat(fixture.changes()).isEmpty();
    }

    @Test
    void writesOneRowForEachSubscription() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY)");
        fixture.capture("profile");
        fixture.sql(
                "INSERT INTO event_subscription (name, topics, topic_regex)"
                        + " VALUES ('all', '{change.#}', '^\\.change(\\.[^.]+)*$'), ('others', '{change.public.other}', NULL)",
                "INSERT INTO profile VALUES (1)");
        assertThat(fixture.jdbc()
                        .queryForList("SELECT subscription FROM event_queue ORDER BY subscription", String.class))
                .containsExactly("all", "of change.public.profile");
        assertThat(fixture.jdbc().queryForObject("SELECT count(DISTINCT event_id) FROM event_queue", Long.class))
                .isEqualTo(1);
    }

    @Test
    void filtersOperations() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text)");
        fixture.capture("profile", CaptureFixture.only(DELETE, TRUNCATE));
        fixture.sql(
                "INSERT INTO profile VALUES (1, 'a')",
                "UPDATE profile SET name = 'b'",
                "DELETE FROM profile",
                "TRUNCATE profile");
        assertThat(fixture.operations()).containsExactly(DELETE, TRUNCATE);
        assertThat(fixture.triggers()).hasSize(2);
    }

    @Test
    void filtersUpdatesByChangedColumns() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text, doc json, likes int)");
        fixture.capture("profile", new Capture.Filter(Set.of(INSERT, UPDATE), List.of("name", "doc"), null));
        fixture.sql(
                "INSERT INTO profile VALUES (1, NULL, NULL, 0)",
                "UPDATE profile SET likes = 1",
                "UPDATE profile SET name = 'a'",
                "UPDATE profile SET doc = '{}', likes = 2");
        assertThat(fixture.changes())
                .extracting(each -> each instanceof Updated<?> updated ? updated.changed() : Set.of())
                .containsExactly(Set.of(), Set.of("name"), Set.of("doc", "likes"));
    }

    @Test
    void filtersByACondition() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, active boolean)");
        fixture.capture("profile", new Capture.Filter(Set.of(INSERT, UPDATE), List.of(), "NEW.active -- yes"));
        fixture.sql(
                "INSERT INTO profile VALUES (1, true), (2, false), (3, NULL)",
                "UPDATE profile SET active = NOT active",
                "DELETE FROM profile");
        assertThat(fixture.changes())
                .extracting(each -> each.operation() + " " + each.metadata().key())
                .containsExactly("INSERT 1", "UPDATE 2");
    }

    @Test
    void anErrorInAConditionFailsTheWriterUnlessItIsBehindACheck() {
        fixture.sql("CREATE TABLE coupon (id int PRIMARY KEY, code text)");
        fixture.capture(
                "coupon",
                new Capture.Filter(
                        Set.of(INSERT), List.of(), "CASE WHEN NEW.code ~ '^[0-9]{1,9}$' THEN NEW.code::int > 5 END"));
        fixture.sql("INSERT INTO coupon VALUES (1, 'six'), (2, '6'), (3, '4')");
        assertThat(fixture.changes()).extracting(each -> each.metadata().key()).containsExactly("2");

        fixture.capture("coupon", new Capture.Filter(Set.of(INSERT), List.of(), "NEW.code::int > 5"));
        assertThatThrownBy(() -> fixture.sql("INSERT INTO coupon VALUES (4, 'seven')"))
                .hasMessageContaining("invalid input syntax for type integer");
    }

    @Test
    void keepsFiltersOfOneTableApart() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, active boolean)");
        Capture everything = fixture.capture("profile");
        Capture active = fixture.capture("profile", new Capture.Filter(Set.of(INSERT), List.of(), "NEW.active"));
        assertThat(everything.topic()).isEqualTo("change.public.profile");
        assertThat(active.topic()).matches("change\\.public\\.profile\\.[0-9a-f]{8}");
        fixture.sql("INSERT INTO profile VALUES (1, true), (2, false)");
        assertThat(fixture.jdbc()
                        .queryForList("SELECT topic || ' ' || ordering_key FROM event_queue ORDER BY id", String.class))
                .containsExactlyInAnyOrder(everything.topic() + " 1", active.topic() + " 1", everything.topic() + " 2");
    }

    @Test
    void knowsOddNames() {
        fixture.sql(
                "CREATE SCHEMA \"Sch$$ma\"",
                "CREATE TABLE \"Sch$$ma\".\"Odd 'Name\".\"\" (\"The Key\" text PRIMARY KEY, \"it's\" text)"
                        .replace("\".\"\"", "\"\".\"\"\""));
        String table = "\"Sch$$ma\".\"Odd 'Name\"\".\"\"\"";
        Capture capture =
                fixture.capture(table, new Capture.Filter(Set.of(INSERT, UPDATE), List.of("it's", "The Key"), null));
        fixture.sql("INSERT INTO " + table + " VALUES ('k', 'v')", "UPDATE " + table + " SET \"it's\" = 'w'");
        assertThat(capture.topic()).startsWith("change.Sch-24--24-ma.Odd-20--27-Name-22--2e--22-.");
        assertThat(fixture.changes())
                .extracting(
                        each -> each.metadata().table() + ": " + each.metadata().key())
                .containsExactly("Odd 'Name\".\": k", "Odd 'Name\".\": k");
    }

    @Test
    void takesSeveralColumnsOfAKeyTogether() {
        fixture.sql("CREATE TABLE member (b text, a int, note text, PRIMARY KEY (a, b))");
        fixture.capture("member");
        fixture.sql("INSERT INTO member VALUES ('x', 1, 'n')");
        assertThat(fixture.changes()).extracting(each -> each.metadata().key()).containsExactly("[1, \"x\"]");
    }

    @Test
    void shortensLongOrderingKeysButNotTheKey() {
        fixture.sql("CREATE TABLE page (url text PRIMARY KEY)");
        fixture.capture("page");
        String one = "x".repeat(300);
        String other = "x".repeat(299) + "y";
        fixture.jdbc().update("INSERT INTO page VALUES (?), (?)", one, other);
        assertThat(fixture.changes()).extracting(each -> each.metadata().key()).containsExactly(one, other);
        assertThat(fixture.jdbc().queryForList("SELECT ordering_key FROM event_queue", String.class))
                .doesNotHaveDuplicates()
                .allMatch(key -> key.length() == 255);
    }

    @Test
    void capturesTablesWithoutAPrimaryKey() {
        fixture.sql("CREATE TABLE log_line (text text)");
        fixture.capture("log_line");
        fixture.sql("INSERT INTO log_line VALUES ('a')", "UPDATE log_line SET text = 'b'");
        assertThat(fixture.changes()).extracting(each -> each.metadata().key()).containsOnlyNulls();
        assertThat(fixture.jdbc().queryForList("SELECT DISTINCT ordering_key FROM event_queue", String.class))
                .containsExactly("");
    }

    @Test
    void capturesPartitionedTablesUnderTheirOwnName() {
        fixture.sql(
                "CREATE TABLE reading (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE reading_2025 PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
        fixture.capture("reading");
        fixture.sql(
                "INSERT INTO reading VALUES (1, '2025-05-01')",
                "CREATE TABLE reading_2026 PARTITION OF reading FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "INSERT INTO reading_2026 VALUES (2, '2026-05-01')",
                "TRUNCATE reading");
        assertThat(fixture.operations()).containsExactly(INSERT, INSERT, TRUNCATE);
        assertThat(fixture.changes())
                .extracting(each -> each.metadata().table())
                .containsOnly("reading");
        assertThat(fixture.captures().list())
                .singleElement()
                .satisfies(status -> assertThat(status.triggers()).hasSize(4));
    }

    @Test
    void movesBetweenPartitionsAreADeleteAndAnInsert() {
        fixture.sql(
                "CREATE TABLE reading (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE reading_2025 PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                "CREATE TABLE reading_2026 PARTITION OF reading FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "INSERT INTO reading VALUES (1, '2025-05-01')");
        fixture.capture("reading");
        fixture.sql("UPDATE reading SET day = '2026-05-01'");
        assertThat(fixture.operations()).containsExactly(DELETE, INSERT);
    }

    @Test
    void capturesWhatIsCopied() throws SQLException, IOException {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text)");
        fixture.capture("profile");
        String rows = IntStream.range(0, 10_000)
                .mapToObj(i -> i + "\tname " + i + "\n")
                .collect(Collectors.joining());
        try (Connection connection = fixture.bus().pool().getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY profile FROM STDIN", new StringReader(rows));
        }
        assertThat(fixture.changes(Map.class))
                .hasSize(10_000)
                .allMatch(each -> each instanceof Inserted<Object> inserted
                        && inserted.row().equals(Map.of("id", number(each), "name", "name " + number(each))));
    }

    private static int number(RowChange<Object> change) {
        return Integer.parseInt(String.valueOf(change.metadata().key()));
    }
}
