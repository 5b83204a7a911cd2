package io.pgevents.runtime;

import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.support.TestBus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** What handlers have done, in a table of the same database: written in the handler's transaction if it has one. */
final class Effects {

    private Effects() {}

    static void create(TestBus bus) {
        bus.jdbc()
                .execute("CREATE TABLE IF NOT EXISTS effect (id bigserial PRIMARY KEY, event bigint NOT NULL,"
                        + " key text NOT NULL, seq integer NOT NULL, node text NOT NULL)");
    }

    static void write(TestBus bus, RawEvent event, String node) {
        write(bus.jdbc(), event, node);
    }

    static void write(JdbcTemplate jdbc, RawEvent event, String node) {
        jdbc.update(
                "INSERT INTO effect (event, key, seq, node)"
                        + " SELECT ?, p->>'key', (p->>'seq')::integer, ? FROM (SELECT ?::jsonb AS p) payload",
                event.metadata().id(),
                node,
                event.payload());
    }

    static Map<String, Object> payload(String key, int seq) {
        return Map.of("key", key, "seq", seq);
    }

    static long count(TestBus bus) {
        return number(bus, "SELECT count(*) FROM effect");
    }

    static long distinct(TestBus bus) {
        return number(bus, "SELECT count(DISTINCT (key, seq)) FROM effect");
    }

    static long number(TestBus bus, String sql, Object... parameters) {
        Long number = bus.jdbc().queryForObject(sql, Long.class, parameters);
        return number == null ? 0 : number;
    }

    /** The sequence of the first effects, for each key. */
    static Map<String, List<Integer>> firstInOrder(TestBus bus) {
        return bus.jdbc().queryForList("SELECT key, seq FROM effect GROUP BY key, seq ORDER BY min(id)").stream()
                .collect(Collectors.groupingBy(
                        row -> (String) row.get("key"),
                        LinkedHashMap::new,
                        Collectors.mapping(row -> (Integer) row.get("seq"), Collectors.toList())));
    }

    /** Connections of a database that are in a transaction though nobody works. */
    static long openTransactions(TestBus bus) {
        return number(
                bus,
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        + " AND state LIKE 'idle in transaction%'");
    }
}
