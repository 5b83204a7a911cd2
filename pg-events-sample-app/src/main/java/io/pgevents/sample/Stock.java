package io.pgevents.sample;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is on the shelf. An item without a shelf is made to order, so there is always enough of it. */
@Repository
class Stock {

    private static final String TAKE = """
            WITH taken AS (
                UPDATE stock SET available = available - :quantity
                WHERE item = :item AND available >= :quantity
                RETURNING item)
            SELECT EXISTS (SELECT FROM taken) OR NOT EXISTS (SELECT FROM stock WHERE item = :item)
            """;

    private static final String LIST = "SELECT item, available FROM stock ORDER BY item LIMIT 20";

    private final JdbcClient jdbc;

    Stock(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes something from its shelf; returns whether there was enough. */
    boolean take(String item, int quantity) {
        return jdbc.sql(TAKE)
                .param("item", item)
                .param("quantity", quantity)
                .query(Boolean.class)
                .single();
    }

    List<Shelf> shelves() {
        return jdbc.sql(LIST).query(Shelf.class).list();
    }

    /** How much there is of an item. */
    record Shelf(String item, int available) {}
}
