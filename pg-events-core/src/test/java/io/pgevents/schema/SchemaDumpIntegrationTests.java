package io.pgevents.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.pgevents.schema.SchemaSettings.Migrate;
import io.pgevents.support.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The schema after all migrations is the one that is checked in. After an intended change, write it anew:
 * {@code PG_EVENTS_WRITE_DUMP=true mvn -pl pg-events-core test -Dtest=SchemaDumpIntegrationTests}.
 */
class SchemaDumpIntegrationTests {

    private static final Path CHECKED_IN = Path.of("src/test/resources/io/pgevents/schema/schema.sql");

    @Test
    void isWhatIsCheckedIn() throws IOException {
        String dump = dump("public");
        if ("true".equals(System.getenv("PG_EVENTS_WRITE_DUMP"))) {
            Files.writeString(CHECKED_IN, dump);
        }
        assertThat(dump).isEqualTo(Files.readString(CHECKED_IN));
    }

    @Test
    void isTheSameInAnySchema() throws IOException {
        assertThat(dump("Another One")).isEqualTo(Files.readString(CHECKED_IN));
    }

    private static String dump(String schema) throws IOException {
        try (HikariDataSource pool = TestPostgres.pool(TestPostgres.newDatabaseUrl(), 2);
                var in = SchemaDumpIntegrationTests.class.getResourceAsStream("catalogue.sql")) {
            new SchemaInitializer(pool, new SchemaSettings(schema, Migrate.TRUE)).initialize();
            String catalogue = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<String> lines = new JdbcTemplate(pool).queryForList(catalogue, String.class, schema, schema);
            return lines.stream()
                    .map(line -> line.replace("\"" + schema + "\".", "")
                            .replace(schema + ".", "")
                            .stripTrailing())
                    .collect(Collectors.joining("\n", "", "\n"));
        }
    }
}
