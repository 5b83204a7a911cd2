package io.pgevents.live;

import io.pgevents.subscription.TopicPattern;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The end of the live log, for the listeners of this instance. Thread-safe. */
public interface LiveFeed {

    /**
     * Hands all events of topics to a listener that are committed from now on. The topics have to be declared as live, by
     * a broadcast subscription or by {@link LiveTopics}, or nobody writes them to the log.
     *
     * @return ends it
     */
    default Registration listen(Collection<TopicPattern> topics, LiveListener listener) {
        return listen(topics, null, listener);
    }

    /**
     * As {@link #listen(Collection, LiveListener)}, and what was committed since a cursor comes first, without a hole
     * and without repetition. It is read by the calling thread and handed over before this method returns, while newer
     * events wait. A cursor that is older than the log, from before a crash of the server, or that cannot be read, is
     * answered with a {@link LiveListener#gap()} instead.
     *
     * @param since where the listener was, or null for now
     * @return ends it
     */
    Registration listen(Collection<TopicPattern> topics, @Nullable LiveCursor since, LiveListener listener);

    /** Where the log ends now: who listens since this cursor misses nothing from now on. */
    LiveCursor now();

    /** A listener's place among the listeners. */
    interface Registration extends AutoCloseable {

        /** Nothing more comes, except what is being handed over. Idempotent. */
        @Override
        void close();
    }
}
