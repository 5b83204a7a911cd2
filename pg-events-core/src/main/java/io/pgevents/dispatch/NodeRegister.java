package io.pgevents.dispatch;

import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.ServerSession;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The running instances. Each has a row from its start to its orderly stop, and holds an advisory lock on its listening
 * connection meanwhile. A row whose lock nobody holds is the trace of a crash, or belongs to an instance that runs
 * without the wake-up, or behind a pooler; all count as a crash, because too much caution costs little.
 */
final class NodeRegister {

    private static final Logger log = LoggerFactory.getLogger(NodeRegister.class);

    private final JdbcTemplate jdbc;
    private final SqlStatements statements;

    NodeRegister(DataSource dataSource, EventSchema schema) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.statements = new SqlStatements(schema);
    }

    /**
     * Registers this instance.
     *
     * @param name what operators call it
     * @param listens whether it will prove that it is alive
     * @param proof its listening connection, which proves it at once, unless there is a pooler in between; null if
     *     there is none yet
     * @return its id
     */
    int enter(String name, boolean listens, @Nullable Connection proof) {
        if (proof == null) {
            return register(jdbc, name, listens, false);
        }
        JdbcTemplate session = CommittedJdbc.joining(new SingleConnectionDataSource(proof, true));
        boolean proven = Boolean.TRUE.equals(session.execute((ConnectionCallback<Boolean>) ServerSession::isOwn));
        return proven ? register(session, name, listens, true) : register(jdbc, name, false, false);
    }

    private int register(JdbcTemplate session, String name, boolean listens, boolean proven) {
        return Objects.requireNonNull(session.queryForObject(
                statements.get("event_node/register"), (row, n) -> row.getInt("id"), name, listens, proven));
    }

    /** Deregisters this instance: what it had claimed is finished or free. */
    void leave(int id) {
        jdbc.update(statements.get("event_node/deregister"), id);
    }

    /**
     * The newest event that may have been in process during a crash of another instance, which is forgotten with this.
     *
     * @param id of this instance
     * @return the row, or -1 if nothing has crashed
     */
    long lastSuspect(int id) {
        List<Integer> crashed = jdbc.queryForList(statements.get("event_node/crashed"), Integer.class, id);
        if (crashed.isEmpty()) {
            return -1;
        }
        long suspect = Objects.requireNonNull(jdbc.queryForObject(statements.get("event_node/last_event"), Long.class));
        log.info(
                "Instances {} did not stop in an orderly way: the attempts of events up to {} are counted before they are made",
                crashed,
                suspect);
        // From here on the row of this instance is the trace, should it crash as well.
        jdbc.update(SqlCall.of(statements.get("event_node/forget")).array("int4", crashed));
        return suspect;
    }
}
