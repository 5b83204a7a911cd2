package io.pgevents.live;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read of the log, if it fits into a page.
 *
 * @param upto what the read sees; whoever goes on with it has to see the same
 * @param horizon the oldest transaction whose events are kept; null if nothing was pruned yet
 * @param rows in the order of the log; none if there are more than a page
 * @param isLast whether these are all of this read
 */
record LogPage(Snapshot upto, @Nullable Long horizon, List<Row> rows, boolean isLast) {

    /**
     * A row of the log.
     *
     * @param transaction the transaction that has written it
     * @param id its place in the log
     * @param event its content
     */
    record Row(long transaction, long id, LiveEvent event) {

        /** The same event for a listener who has seen something else before. */
        LiveEvent seenAfter(Snapshot from, Snapshot upto) {
            return withCursor(new Position(from, upto, id).cursor());
        }

        LiveEvent withCursor(LiveCursor cursor) {
            return new LiveEvent(
                    event.eventId(),
                    event.topic(),
                    event.type(),
                    event.key(),
                    event.headers(),
                    event.payload(),
                    event.createdAt(),
                    cursor);
        }
    }
}
