package io.pgevents.admin;

import io.pgevents.schema.EventSchema;
import java.util.List;
import javax.sql.DataSource;

/** Lists and removes registered subscriptions. Thread-safe; joins the caller's transaction. */
public final class Subscriptions {

    public Subscriptions(DataSource dataSource, EventSchema schema) {}

    /** The names of all registered subscriptions, also of those no running instance declares. */
    public List<String> names() {
        throw new IllegalStateException();
    }

    /**
     * Removes a subscription that no application declares any more, its routes, and its waiting events. Events in process
     * and dead letters stay.
     *
     * @return how many waiting events were deleted
     */
    public long remove(String name) {
        throw new IllegalStateException();
    }
}
