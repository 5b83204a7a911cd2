package io.pgevents.boot.test;

/** A running server, or the use of one. */
interface EmbeddedServer extends AutoCloseable {

    /** The superuser, who needs no password. */
    String USER = "postgres";

    /** The port on localhost. */
    int port();

    /** The database to use. */
    String database();

    /** Ends this use; the server stops if it was the last. */
    @Override
    void close();

    /** The address for JDBC. */
    static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://localhost:" + port + "/" + database;
    }
}
