package io.pgevents.live;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read of the log, if it fits into a page.
 *
 * @param life of the server: whoever has read in another one has seen other transactions
 * @param upto what the read sees; whoever goes on with it has to see the same
 * @param horizon the oldest transaction whose events are kept; null if nothing was pruned yet
 * @param rows in the order of the log; none if there are more than a page
 * @param isLast whether these are all of this read
 */
record LogPage(String life, Snapshot upto, @Nullable Long horizon, List<Row> rows, boolean isLast) {

    /** After all of this read. */
    Position end() {
        return Position.at(life, upto);
    }

    /** Whether it is of the server in which a position was reached, and sees all that was seen there. */
    boolean isOfServerOf(Position position) {
        return life.equals(position.life()) && upto.covers(position.upto());
    }

    /** Whether nothing is missing since a position. */
    boolean follows(Position position) {
        return isOfServerOf(position) && !position.from().isBehind(horizon);
    }

    /**
     * A row of the log.
     *
     * @param transaction the transaction that has written it
     * @param id its place in the log
     * @param event its content
     */
    record Row(long transaction, long id, LiveEvent event) {

        /** The same event for a listener who has seen something else before. */
        LiveEvent seenAfter(Position seen, Snapshot upto) {
            return withCursor(seen.beforeAll(upto).after(id).cursor());
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
