package io.pgevents.sample;

import io.pgevents.RejectEventException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Writes orders and their steps, in the caller's transaction. */
@Repository
class OrderLedger {

    private static final String INSERT = """
            INSERT INTO orders (id, customer, item, quantity, source, status)
            VALUES (:id, :customer, :item, :quantity, 'http', 'placed')
            """;

    /** An order that came by HTTP is there already: it was written together with its event. */
    private static final String REGISTER = """
            INSERT INTO orders (id, customer, item, quantity, source, status, created_at)
            SELECT :id, :customer, :item, :quantity, 'sql', 'placed', :placedAt
            WHERE NOT EXISTS (SELECT FROM orders WHERE id = :id)
            """;

    private static final String COMPLETE = """
            WITH completed AS (
                UPDATE orders SET status = :step, updated_at = clock_timestamp() WHERE id = :id RETURNING id)
            INSERT INTO order_step (order_id, step, attempt)
            SELECT id, :step, :attempt FROM completed
            """;

    private static final String FAIL = """
            UPDATE orders SET status = 'failed', note = :note, updated_at = clock_timestamp() WHERE id = :id
            """;

    private final JdbcClient jdbc;

    OrderLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes an order that came by HTTP. */
    void insert(UUID id, OrderPlaced order) {
        jdbc.sql(INSERT)
                .param("id", id)
                .param("customer", order.customer())
                .param("item", order.item())
                .param("quantity", order.quantity())
                .update();
    }

    /** Writes an order that came by SQL; one that came by HTTP stays as it is. */
    void register(UUID id, OrderPlaced order, Instant placedAt) {
        jdbc.sql(REGISTER)
                .param("id", id)
                .param("customer", order.customer())
                .param("item", order.item())
                .param("quantity", order.quantity())
                .param("placedAt", Timestamp.from(placedAt))
                .update();
    }

    /**
     * Records that a step is done.
     *
     * @throws RejectEventException if there is no such order
     */
    void complete(UUID id, OrderStatus step, int attempt) {
        int completed = jdbc.sql(COMPLETE)
                .param("id", id)
                .param("step", step.text())
                .param("attempt", attempt)
                .update();
        if (completed == 0) {
            throw new RejectEventException("There is no order " + id + ". Start one with the topic order.placed.");
        }
    }

    /** Ends an order for a reason that no retry can mend. */
    void fail(UUID id, String note) {
        jdbc.sql(FAIL).param("id", id).param("note", note).update();
    }
}
