package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.capture.Capture.Filter;
import io.pgevents.support.TestPostgres;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of triggers when their table is altered, and what PostgreSQL refuses because of them. */
@Timeout(120)
class AlteredTableIntegrationTests {

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());

    @BeforeEach
    void createTable() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text, active boolean)");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void followsAlteredTables() {
        fixture.capture("profile");
        fixture.sql(
                "ALTER TABLE profile ADD COLUMN age int",
                "ALTER TABLE profile DROP COLUMN name",
                "ALTER TABLE profile RENAME COLUMN active TO enabled",
                "ALTER TABLE profile ALTER COLUMN id TYPE bigint",
                "INSERT INTO profile VALUES (1, true, 7)");
        fixture.captures().maintain();
        assertThat(fixture.changes(String.class))
                .map(each -> String.valueOf(((RowChange.Inserted<?>) each).row()))
                .containsExactly("{\"id\":1,\"age\":7,\"enabled\":true}");
    }

    @Test
    void postgresKeepsColumnsThatAFilterNames() {
        fixture.capture("profile", new Filter(Set.of(UPDATE), List.of("name"), null));
        assertThatThrownBy(() -> fixture.sql("ALTER TABLE profile DROP COLUMN name"))
                .hasMessageContaining("depend");
        fixture.sql("ALTER TABLE profile RENAME COLUMN name TO nick", "INSERT INTO profile VALUES (1, 'a', true)");
        fixture.sql("UPDATE profile SET nick = 'b'");
        assertThat(fixture.changes()).hasSize(1);
    }

    @Test
    void postgresKeepsTheTypesOfColumnsThatAFilterNames() {
        Filter filter = new Filter(Set.of(UPDATE), List.of("name"), "NEW.active");
        fixture.capture("profile", filter);
        for (String column : List.of("name TYPE varchar(20)", "active TYPE text")) {
            assertThatThrownBy(() -> fixture.sql("ALTER TABLE profile ALTER COLUMN " + column))
                    .hasMessageContaining("cannot alter type of a column used in a trigger definition");
        }
        String drop = "DROP TRIGGER " + fixture.triggers().get(0) + " ON profile";
        fixture.bus()
                .transaction()
                .executeWithoutResult(status -> fixture.sql(
                        drop,
                        "ALTER TABLE profile ALTER COLUMN name TYPE varchar(20)",
                        fixture.captures().script()));
        RowCaptures verifying = fixture.another(RowCaptures.Mode.VERIFY, filter);
        verifying.start();
        verifying.stop();
        fixture.sql("INSERT INTO profile VALUES (1, 'a', true)", "UPDATE profile SET name = 'b'");
        assertThat(fixture.changes()).hasSize(1);
    }
}
