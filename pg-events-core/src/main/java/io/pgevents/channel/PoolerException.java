package io.pgevents.channel;

import java.sql.SQLException;

/** The listening connection is no session of its own: what it listens to and locks would be left in somebody else's. */
final class PoolerException extends SQLException {

    private static final long serialVersionUID = 1L;

    PoolerException() {
        super("A connection pooler is between the listening connection and the server");
    }
}
