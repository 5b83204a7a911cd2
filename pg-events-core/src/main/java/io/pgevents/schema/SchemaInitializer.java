package io.pgevents.schema;

import io.pgevents.PgEventsStartException;
import io.pgevents.schema.SchemaSettings.Migrate;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the tables into the state the settings ask for. Call once at start, before anything publishes or consumes. */
public final class SchemaInitializer {

    private static final Logger log = LoggerFactory.getLogger(SchemaInitializer.class);
    private static final String HISTORY = "event_schema_history";
    private static final int MIGRATION_TRIES = 10;
    private static final Duration MIGRATION_PAUSE = Duration.ofMillis(100);

    private final DataSource dataSource;
    private final SchemaSettings settings;

    public SchemaInitializer(DataSource dataSource, SchemaSettings settings) {
        this.dataSource = dataSource;
        this.settings = settings;
    }

    /**
     * Checks the server, then migrates or validates.
     *
     * @return the schema that holds the tables
     * @throws PgEventsStartException if the server cannot be reached or is too old, the encoding of the database is not
     *     UTF8, a privilege is missing, or the tables are missing or of another version
     */
    public EventSchema initialize() {
        EventSchema schema;
        SchemaVersion installed;
        try (Connection connection = open()) {
            DatabaseMetaData server = connection.getMetaData();
            ServerCheck.check(server.getDatabaseProductName(), server.getDatabaseMajorVersion());
            ServerCheck.checkEncoding(Catalog.encoding(connection));
            schema = resolve(connection);
            installed = Catalog.installedVersion(connection, schema, HISTORY);
            if (settings.migrate() == Migrate.FALSE) {
                requireTables(Catalog.hasTables(connection, schema), schema);
                return schema;
            }
            // Flyway would find out as well, but it tries for ten seconds.
            if (settings.migrate() == Migrate.TRUE && installed == null && !Catalog.mayCreate(connection, schema)) {
                throw mayNotCreate(schema, "permission denied", null);
            }
        } catch (SQLException ex) {
            throw new PgEventsStartException(
                    "The tables of pg-events cannot be looked at: " + ex.getMessage() + ".",
                    "Grant the application's user USAGE on the schema and SELECT, INSERT, UPDATE, DELETE on its tables.",
                    ex);
        }
        if (settings.migrate() == Migrate.VALIDATE) {
            requireTables(installed != null, schema);
        }
        requireUsable(installed, schema);
        if (settings.migrate() == Migrate.TRUE) {
            migrate(schema, installed == null);
        }
        return schema;
    }

    private Connection open() {
        try {
            return dataSource.getConnection();
        } catch (SQLException ex) {
            throw new PgEventsStartException(
                    "The database cannot be reached: " + rootMessage(ex) + ".",
                    "Start the server, or correct spring.datasource.url, spring.datasource.username and"
                            + " spring.datasource.password.",
                    ex);
        }
    }

    private EventSchema resolve(Connection connection) throws SQLException {
        String name = settings.name() == null ? connection.getSchema() : settings.name();
        if (name == null) {
            throw new PgEventsStartException(
                    "The search_path of the connection names no schema that exists.",
                    "Set pg-events.schema.name, or correct the search_path of the application's user.");
        }
        if (name.contains("$$")) {
            throw new PgEventsStartException(
                    "The name of the schema \"" + name + "\" contains $$, which ends the functions of pg-events.",
                    "Set pg-events.schema.name to a schema without $$ in its name.");
        }
        return new EventSchema(name);
    }

    private static void requireTables(boolean present, EventSchema schema) {
        if (!present) {
            throw new PgEventsStartException(
                    "The schema " + schema.quoted()
                            + " has no tables of pg-events, or no history that says their version, and"
                            + " they may not be created.",
                    "Set pg-events.schema.migrate=true, or run the migrations of pg-events-core (io/pgevents/migration) with"
                            + " your own tool and set pg-events.schema.migrate=false, or correct pg-events.schema.name.");
        }
    }

    private void requireUsable(@Nullable SchemaVersion installed, EventSchema schema) {
        if (installed == null) {
            return;
        }
        SchemaVersion ours = SchemaVersion.CURRENT;
        boolean newer = installed.compareTo(ours) > 0;
        if (newer && !installed.isUsableBy(ours)) {
            throw new PgEventsStartException(
                    "The tables in the schema " + schema.quoted() + " have version " + installed
                            + ", made by a newer pg-events;" + " this one knows version " + ours + ".",
                    "Upgrade pg-events in this application, or give it a schema of its own with pg-events.schema.name.");
        }
        if (newer) {
            log.info(
                    "The tables in the schema {} have the newer version {}; this library knows {} and gets along with it",
                    schema.quoted(),
                    installed,
                    ours);
        } else if (settings.migrate() == Migrate.VALIDATE && installed.compareTo(ours) < 0) {
            throw new PgEventsStartException(
                    "The tables in the schema " + schema.quoted() + " have version " + installed
                            + ", but this pg-events needs " + ours + ".",
                    "Set pg-events.schema.migrate=true, or run the migrations of pg-events-core with your own tool.");
        }
    }

    /** Instances that start together on an empty schema get into each other's way when the history is made: again. */
    private void migrate(EventSchema schema, boolean first) {
        for (int tries = 1; ; tries++) {
            try {
                migrateOnce(schema);
                return;
            } catch (FlywayException ex) {
                if (!first || tries == MIGRATION_TRIES || !isBegunByAnother(schema)) {
                    throw migrationFailed(schema, ex);
                }
                log.debug("Another instance makes the history of the tables", ex);
                LockSupport.parkNanos(MIGRATION_PAUSE.toNanos() * tries);
            }
        }
    }

    private boolean isBegunByAnother(EventSchema schema) {
        try (Connection connection = open()) {
            return Catalog.hasTable(connection, schema, HISTORY);
        } catch (SQLException ex) {
            log.debug("The history of the tables cannot be looked at", ex);
            return false;
        }
    }

    private void migrateOnce(EventSchema schema) {
        Flyway.configure(SchemaInitializer.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:io/pgevents/migration")
                .defaultSchema(schema.name())
                .schemas(schema.name())
                .table(HISTORY)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholders(Map.of("schema", schema.quoted()))
                .ignoreMigrationPatterns("*:future")
                .load()
                .migrate();
    }

    private static PgEventsStartException migrationFailed(EventSchema schema, FlywayException ex) {
        for (Throwable each = ex; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && "42501".equals(sql.getSQLState())) {
                return mayNotCreate(schema, sql.getMessage(), ex);
            }
        }
        return new PgEventsStartException(
                "The tables of pg-events cannot be migrated in the schema " + schema.quoted() + ": " + rootMessage(ex)
                        + ".",
                "Mend what the message says and start again; nothing was changed half.",
                ex);
    }

    private static PgEventsStartException mayNotCreate(
            EventSchema schema, @Nullable String reason, @Nullable Throwable cause) {
        return new PgEventsStartException(
                "The application's user may not create the tables of pg-events in the schema " + schema.quoted() + ": "
                        + reason + ".",
                "Run as an administrator: GRANT CREATE, USAGE ON SCHEMA " + schema.quoted()
                        + " TO <user> (a schema that"
                        + " does not exist yet: CREATE SCHEMA " + schema.quoted() + " AUTHORIZATION <user>). Or let"
                        + " somebody else migrate and set pg-events.schema.migrate=validate.",
                cause);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.toString() : message.strip().replaceAll("\\.$", "");
    }
}
