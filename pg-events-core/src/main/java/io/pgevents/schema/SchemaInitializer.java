package io.pgevents.schema;

import javax.sql.DataSource;

/**
 * Brings the tables into the state the settings ask for. Call once at start, before anything publishes or consumes.
 */
public final class SchemaInitializer {

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
     * @throws io.pgevents.PgEventsStartException if the server cannot be reached or is too old, a privilege is missing, or the
     *     tables are missing or of another version
     */
    public EventSchema initialize() {
        throw new IllegalStateException(dataSource + " " + settings);
    }
}
