package io.pgevents.benchmark.peers;

import io.pgevents.benchmark.contestant.Effects;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * What the handler of every peer does with a decoded event. It joins the transaction that Spring has bound to the
 * thread; without one, the effect is a transaction of its own.
 *
 * @param pool where the effect is written
 * @param receipts told of every event
 */
record Handling(DataSource pool, Receipts receipts) {

    void handle(Payload payload) {
        receipts.received(payload.number());
        Connection connection = DataSourceUtils.getConnection(pool);
        try {
            Effects.write(connection, List.of(payload));
        } catch (SQLException failure) {
            throw new IllegalStateException("The effect of event " + payload.number() + " was not written", failure);
        } finally {
            DataSourceUtils.releaseConnection(connection, pool);
        }
    }
}
