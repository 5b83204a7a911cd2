package io.pgevents.schema;

/**
 * The schema that holds the tables, once they are known to be there.
 *
 * @param name as in the catalogue, unquoted
 */
public record EventSchema(String name) {

    /** The pseudo-subscription of what is live: its events go to {@code event_log}, and all instances read them there. */
    public static final String LIVE = "$live";

    /** The name as it stands in SQL. */
    public String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
