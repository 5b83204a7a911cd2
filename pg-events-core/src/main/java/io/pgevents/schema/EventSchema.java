package io.pgevents.schema;

/**
 * The schema that holds the tables, once they are known to be there.
 *
 * @param name as in the catalogue, unquoted
 */
public record EventSchema(String name) {

    /** The name as it stands in SQL. */
    public String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
