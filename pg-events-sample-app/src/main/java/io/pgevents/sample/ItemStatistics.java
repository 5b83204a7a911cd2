package io.pgevents.sample;

import io.pgevents.PgSubscribe;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts the orders of each item: the second subscription of {@code order.placed}, and one that takes many at once. */
@Component
class ItemStatistics {

    /** Always in the order of the items, so that two batches never wait for each other. */
    private static final String COUNT = """
            INSERT INTO item_statistics (item, orders, pieces)
            SELECT item, count(*), sum(quantity)
            FROM unnest(?::text[], ?::integer[]) AS placed (item, quantity)
            GROUP BY item
            ORDER BY item
            ON CONFLICT (item) DO UPDATE
            SET orders = item_statistics.orders + excluded.orders, pieces = item_statistics.pieces + excluded.pieces
            """;

    private static final String LIST = """
            SELECT item, orders, pieces FROM item_statistics ORDER BY orders DESC, item LIMIT 8
            """;

    private final JdbcClient jdbc;

    ItemStatistics(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @PgSubscribe(topic = OrderPlaced.TOPIC, subscription = "statistics", batchSize = "500")
    void count(List<OrderPlaced> orders) {
        String[] items = orders.stream().map(OrderPlaced::item).toArray(String[]::new);
        Integer[] quantities = orders.stream().map(OrderPlaced::quantity).toArray(Integer[]::new);
        jdbc.sql(COUNT).param(items).param(quantities).update();
    }

    List<Count> mostWanted() {
        return jdbc.sql(LIST).query(Count.class).list();
    }

    /** How often an item was ordered, and how many pieces of it. */
    record Count(String item, long orders, long pieces) {}
}
