package io.pgevents.subscription;

import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.subscription.SubscriptionRegistration.Adopted;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gives events that wait for their first subscription to those that have come since. It walks over all that waits, page by
 * page, each in a transaction of its own; what it has no time for is left to the next run, which goes on there. Several
 * instances may run it at a time. Thread-safe.
 */
final class Adoption {

    private static final Logger log = LoggerFactory.getLogger(Adoption.class);
    private static final int PAGE = 1000;
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();

    private final JdbcTemplate jdbc;
    private final String adopt;
    private final int pageSize;
    private Place next = Place.START;

    Adoption(JdbcTemplate jdbc, SqlStatements statements) {
        this(jdbc, statements, PAGE);
    }

    /**
     * An adoption.
     *
     * @param pageSize how many events a statement looks at
     */
    Adoption(JdbcTemplate jdbc, SqlStatements statements, int pageSize) {
        this.jdbc = jdbc;
        this.adopt = statements.get("event_queue/adopt");
        this.pageSize = pageSize;
    }

    /** Looks at what waits, for at most some seconds. */
    synchronized Adopted run(List<Subscription> subscriptions) {
        long begun = System.nanoTime();
        int adopted = 0;
        do {
            Page page = page(subscriptions);
            adopted += page.adopted();
            next = page.end();
        } while (!next.equals(Place.START) && !isOver(begun));
        if (adopted > 0) {
            log.info("{} events that waited for a subscription have found one", adopted);
        }
        return new Adopted(adopted, !next.equals(Place.START));
    }

    private static boolean isOver(long begun) {
        return System.nanoTime() - begun > LONGEST_NANOS
                || Thread.currentThread().isInterrupted();
    }

    private Page page(List<Subscription> subscriptions) {
        SqlCall call = SqlCall.of(adopt)
                .value(next.priority())
                .value(next.processAt())
                .value(next.id())
                .value(pageSize)
                .array("text", subscriptions, Subscription::name);
        List<Page> pages = jdbc.query(
                call,
                (row, n) -> new Page(
                        row.getInt("adopted"),
                        new Place(row.getShort("priority"), row.getString("process_at"), row.getLong("id"))));
        Page page = DataAccessUtils.singleResult(pages);
        return page == null ? Page.EMPTY : page;
    }

    /**
     * What one statement has done.
     *
     * @param adopted how many events have found a subscription
     * @param end where it has ended; the start after the last one
     */
    private record Page(int adopted, Place end) {
        static final Page EMPTY = new Page(0, Place.START);
    }

    /** A place in the order in which events are walked over, the time as the server prints it. */
    private record Place(short priority, String processAt, long id) {
        static final Place START = new Place((short) -1, "-infinity", -1);
    }
}
