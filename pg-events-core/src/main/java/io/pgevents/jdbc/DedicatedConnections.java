package io.pgevents.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens connections that go to the server directly and belong to the caller alone: not from a pool, and not through a
 * transaction pooler, because notifications and session locks do not survive one.
 */
@FunctionalInterface
public interface DedicatedConnections {

    /** Opens a connection; the caller closes it. */
    Connection open() throws SQLException;
}
