package io.pgevents.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The SQL of the README that removes everything. */
class RemovalIntegrationTests {

    private static final Pattern SQL = Pattern.compile("(?s)\n## Removing it\n.*?```sql\n(.*?)```");
    private static final String OBJECTS = """
            SELECT 'relation ' || c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'function ' || p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'type ' || t.oid::regtype FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'trigger ' || t.tgname FROM pg_trigger t""";

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String ofReadme() throws IOException {
        Matcher found = SQL.matcher(Files.readString(Path.of("../README.md")));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void leavesNothingAndCapturedTablesCanBeWritten() throws IOException {
        fixture.sql(
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.profile (id int PRIMARY KEY)",
                "CREATE TABLE shop.parted (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE shop.part PARTITION OF shop.parted FOR VALUES FROM (0) TO (10)");
        fixture.capture("shop.profile");
        fixture.capture("shop.parted");
        fixture.sql("INSERT INTO shop.profile VALUES (1)", "INSERT INTO shop.parted VALUES (1)");
        assertThat(fixture.operations()).hasSize(2);
        fixture.captures().stop();

        fixture.sql(ofReadme());

        List<String> left = fixture.jdbc().queryForList(OBJECTS, String.class);
        assertThat(left).isEmpty();
        fixture.sql("INSERT INTO shop.profile VALUES (2)", "UPDATE shop.parted SET id = 2", "TRUNCATE shop.parted");
    }
}
