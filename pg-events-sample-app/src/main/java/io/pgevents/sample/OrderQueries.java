package io.pgevents.sample;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads orders. What keeps an order from going on is not stored with it: the queue is asked. */
@Repository
class OrderQueries {

    private static final String NEWEST = "SELECT id FROM orders ORDER BY number DESC LIMIT ?";

    private static final String STEPS = """
            SELECT order_id, step, attempt, instance, at FROM order_step WHERE order_id = ANY (?) ORDER BY at
            """;

    private static final String PROGRESS = """
            SELECT o.id, o.number, o.customer, o.item, o.quantity, o.source, o.created_at,
                   CASE WHEN dead.id IS NULL THEN o.status ELSE 'failed' END AS status,
                   coalesce(dead.attempt_count, waiting.attempt_count, 0) AS attempts,
                   split_part(coalesce(dead.last_error, waiting.last_error, o.note), E'\\n', 1) AS last_error,
                   CASE WHEN dead.id IS NULL AND waiting.id IS NOT NULL THEN
                       greatest(0, extract(epoch FROM waiting.process_at - clock_timestamp()) * 1000)::bigint
                   END AS retry_in_millis,
                   dead.id AS dead_letter
            FROM orders o
            LEFT JOIN event_queue waiting
                ON waiting.subscription = 'pay' AND waiting.ordering_key = o.id::text
                AND waiting.status IN ('pending', 'processing') AND waiting.attempt_count > 0
            LEFT JOIN event_queue dead
                ON dead.status = 'failed' AND dead.subscription IN ('reserve', 'pay', 'ship')
                AND CASE dead.subscription WHEN 'reserve' THEN dead.event_id::text ELSE dead.ordering_key END = o.id::text
            WHERE o.id = ANY (?)
            ORDER BY o.number DESC
            """;

    private static final String COUNT_BY_STATUS = """
            SELECT CASE WHEN dead.order_id IS NULL THEN o.status ELSE 'failed' END AS status, count(*) AS orders
            FROM orders o
            LEFT JOIN (
                SELECT DISTINCT CASE subscription WHEN 'reserve' THEN event_id::text ELSE ordering_key END AS order_id
                FROM event_queue
                WHERE status = 'failed' AND subscription IN ('reserve', 'pay', 'ship')) dead ON dead.order_id = o.id::text
            GROUP BY 1
            """;

    private final JdbcClient jdbc;

    OrderQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Order> find(UUID id) {
        return read(id).stream().findFirst();
    }

    List<Order> newest(int limit) {
        return read(jdbc.sql(NEWEST).param(limit).query(UUID.class).list().toArray(UUID[]::new));
    }

    /** How many orders there are in each status. */
    Map<String, Long> countByStatus() {
        return jdbc
                .sql(COUNT_BY_STATUS)
                .query((row, number) -> Map.entry(row.getString("status"), row.getLong("orders")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private List<Order> read(UUID... ids) {
        Map<UUID, List<Order.Step>> steps =
                jdbc.sql(STEPS).param(ids).query((row, number) -> StepRow.read(row)).list().stream()
                        .collect(Collectors.groupingBy(
                                StepRow::order, Collectors.mapping(StepRow::step, Collectors.toList())));
        return jdbc.sql(PROGRESS)
                .param(ids)
                .query((row, number) -> order(row, steps))
                .list();
    }

    private static Order order(ResultSet row, Map<UUID, List<Order.Step>> steps) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        return new Order(
                id,
                row.getLong("number"),
                row.getString("customer"),
                row.getString("item"),
                row.getInt("quantity"),
                row.getString("source"),
                row.getString("status"),
                row.getTimestamp("created_at").toInstant(),
                steps.getOrDefault(id, List.of()),
                trouble(row));
    }

    private static Order.@Nullable Trouble trouble(ResultSet row) throws SQLException {
        String error = row.getString("last_error");
        return error == null
                ? null
                : new Order.Trouble(
                        row.getInt("attempts"),
                        error,
                        row.getObject("retry_in_millis", Long.class),
                        row.getObject("dead_letter", Long.class));
    }

    private record StepRow(UUID order, Order.Step step) {

        static StepRow read(ResultSet row) throws SQLException {
            return new StepRow(
                    row.getObject("order_id", UUID.class),
                    new Order.Step(
                            row.getString("step"),
                            row.getInt("attempt"),
                            row.getString("instance"),
                            row.getTimestamp("at").toInstant()));
        }
    }
}
