package io.pgevents.schema;

import io.pgevents.PgEventsStartException;

/** Says which servers can be used. */
final class ServerCheck {

    private static final int OLDEST_MAJOR = 14;

    private ServerCheck() {}

    /** The tables hold JSON and stack traces, of which another encoding cannot store every character. */
    static void checkEncoding(String encoding) {
        if (!"UTF8".equals(encoding)) {
            throw new PgEventsStartException(
                    "The database has the encoding " + encoding
                            + ", but pg-events needs UTF8: a payload or an error message"
                            + " may have characters that it cannot store.",
                    "Make a database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and move the data there.");
        }
    }

    static void check(String product, int majorVersion) {
        if (!"PostgreSQL".equals(product)) {
            throw new PgEventsStartException(
                    "The data source is connected to " + product + ", but pg-events needs PostgreSQL.",
                    "Point spring.datasource.url to a PostgreSQL server, or mark the right data source of several as primary.");
        }
        if (majorVersion < OLDEST_MAJOR) {
            throw new PgEventsStartException(
                    "The server is PostgreSQL " + majorVersion + ", but pg-events needs " + OLDEST_MAJOR + " or newer.",
                    "Upgrade the server.");
        }
    }
}
