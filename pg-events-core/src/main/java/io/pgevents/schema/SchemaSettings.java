package io.pgevents.schema;

import org.jspecify.annotations.Nullable;

/**
 * Where the tables are and who creates them.
 *
 * @param name the schema, or null for the connection's own (the first of its search path)
 * @param migrate what happens at start
 */
public record SchemaSettings(@Nullable String name, Migrate migrate) {

    /** The connection's own schema, migrated at start. */
    public static final SchemaSettings DEFAULT = new SchemaSettings(null, Migrate.TRUE);

    /** What happens to the tables at start. */
    public enum Migrate {
        /** They are created or brought up to date. */
        TRUE,
        /** They must be there and up to date, or the application does not start. */
        VALIDATE,
        /** Nothing is changed and no version is compared; the tables must be there. */
        FALSE
    }
}
