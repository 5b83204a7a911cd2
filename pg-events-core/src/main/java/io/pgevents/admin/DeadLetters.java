package io.pgevents.admin;

import io.pgevents.schema.EventSchema;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Lists and replays dead letters. Thread-safe; joins the caller's transaction. */
public final class DeadLetters {

    public DeadLetters(DataSource dataSource, EventSchema schema) {}

    /**
     * The newest dead letters.
     *
     * @param subscription of this subscription only, or null for all
     * @param limit at most this many, 1 to 1,000
     */
    public List<DeadLetter> list(@Nullable String subscription, int limit) {
        throw new IllegalStateException();
    }

    /**
     * Gives a dead letter all its attempts again, due at once.
     *
     * @param id the row in {@code event_queue}
     * @return whether there is such a dead letter
     */
    public boolean replay(long id) {
        throw new IllegalStateException();
    }

    /**
     * Gives the oldest dead letters of a subscription all their attempts again, due at once.
     *
     * @param limit at most this many, 1 to 10,000
     * @return how many were replayed
     */
    public int replayAll(String subscription, int limit) {
        throw new IllegalStateException();
    }
}
