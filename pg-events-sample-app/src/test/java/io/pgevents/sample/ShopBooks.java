package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Audits the database of a shop: every order is over, and each of its effects exists exactly once. */
final class ShopBooks {

    private static final String ITEM = "audited";
    private static final int STOCK = 1_000_000;

    private static final String PLACE = """
            INSERT INTO event_queue (topic, payload)
            SELECT 'order.placed', jsonb_build_object('customer', 'Order ' || n, 'item', ?, 'quantity', 1 + n % 3)
            FROM generate_series(1, ?) n
            """;

    private static final String DUPLICATES = """
            SELECT order_id || ' ' || step FROM order_step GROUP BY order_id, step HAVING count(*) <> 1 LIMIT 5
            """;

    private static final String UNFINISHED = """
            SELECT id || ' ' || subscription || ' ' || status || ' ' || coalesce(last_error, '')
            FROM event_queue WHERE status <> 'done' LIMIT 5
            """;

    private final JdbcClient jdbc;

    ShopBooks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Fills the shelf, so that what is taken from it can be counted. */
    void fillShelf() {
        jdbc.sql("INSERT INTO stock (item, available) VALUES (?, ?)")
                .param(ITEM)
                .param(STOCK)
                .update();
    }

    /** Places orders by SQL, in one transaction. */
    void place(int orders) {
        jdbc.sql(PLACE).param(ITEM).param(orders).update();
    }

    long done(OrderStatus step) {
        return number("SELECT count(*) FROM order_step WHERE step = '" + step.text() + "'");
    }

    long waiting() {
        return number("SELECT count(*) FROM event_queue WHERE status IN ('pending', 'processing')");
    }

    List<UUID> orderedByHttp() {
        return jdbc.sql("SELECT id FROM orders WHERE source = 'http'")
                .query(UUID.class)
                .list();
    }

    List<String> instances() {
        return jdbc.sql("SELECT DISTINCT instance FROM order_step")
                .query(String.class)
                .list();
    }

    void assertEachEffectExistsOnce(int orders) {
        assertThat(strings(UNFINISHED)).isEmpty();
        assertThat(strings(DUPLICATES)).isEmpty();
        assertThat(number("SELECT count(*) FROM orders")).isEqualTo(orders);
        assertThat(number("SELECT count(*) FROM orders WHERE status = 'shipped'"))
                .isEqualTo(orders);
        assertThat(number("SELECT count(*) FROM order_step")).isEqualTo(3L * orders);
        assertThat(number("SELECT sum(orders) FROM item_statistics")).isEqualTo(orders);
        assertThat(number("SELECT available + (SELECT sum(quantity) FROM orders WHERE item = stock.item)"
                        + " FROM stock WHERE item = '" + ITEM + "'"))
                .isEqualTo(STOCK);
    }

    private long number(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private List<String> strings(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }
}
