package io.pgevents.live;

import io.pgevents.channel.WakeUpHub;
import io.pgevents.live.LogPage.Row;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.TopicPattern;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The live log of one instance: its listeners, its tail, its broadcast handlers. One tail reads for all of them, while
 * there are listeners or live topics are declared, and the bus runs. Thread-safe; may be started and stopped again and
 * again, and goes on for the listeners that stay from where it was.
 */
public final class LiveLog implements LiveFeed {

    private static final Duration REACHED = Duration.ofSeconds(10);

    private final Settings settings;
    private final LogReader reader;
    private final LogPruning pruning;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final BroadcastConsumers consumers;
    private volatile @Nullable Run run;
    private @Nullable Position position;
    private volatile @Nullable LiveTail tail;

    /**
     * How the log is kept and read.
     *
     * @param retention how long events stay at least
     * @param queueCapacity how many events wait for a broadcast handler at most
     * @param replayLimit how many events a listener that comes back is given at most
     */
    public record Settings(Duration retention, int queueCapacity, int replayLimit) {

        /** 10 minutes, queues of 1,000 events, replays of 10,000. */
        public static final Settings DEFAULT = new Settings(Duration.ofMinutes(10), 1000, 10_000);

        public Settings {
            if (retention.toMillis() < 1) {
                throw new IllegalArgumentException("The retention of the live log must be positive: " + retention);
            }
            if (queueCapacity < 1 || replayLimit < 1) {
                throw new IllegalArgumentException(
                        "Queues and replays must have at least 1 event: " + queueCapacity + ", " + replayLimit);
            }
        }

        /** Often enough that the place of a listener whose topics are quiet is never near the end of the retention. */
        private Duration reachedEvery() {
            Duration part = retention.dividedBy(4);
            return part.compareTo(REACHED) < 0 ? part : REACHED;
        }
    }

    /**
     * What the bus gives for one run.
     *
     * @param hub where the tail parks; null if it only polls
     * @param executor runs broadcast handlers
     * @param pollInterval the bound of every delivery when no notification arrives
     * @param hasTopics whether live topics are declared, so that the tail always runs
     * @param cameBack run when the log is read again that could not be read for a while, or not in time; must not block
     */
    public record Run(
            @Nullable WakeUpHub hub, Executor executor, Duration pollInterval, boolean hasTopics, Runnable cameBack) {}

    public LiveLog(DataSource dataSource, EventSchema schema, Settings settings) {
        this.settings = settings;
        this.reader = new LogReader(dataSource, schema);
        this.pruning = new LogPruning(dataSource, schema, reader, settings.retention());
        this.consumers = new BroadcastConsumers(this);
    }

    @Override
    public Registration listen(Collection<TopicPattern> topics, @Nullable LiveCursor since, LiveListener listener) {
        Subscriber subscriber = new Subscriber(new TopicFilter(topics), listener, this::forgetClosed);
        try {
            add(subscriber);
            Replay replay = new Replay(reader, settings.replayLimit());
            if (since == null) {
                replay.skip(subscriber);
            } else {
                replay.run(since, subscriber);
            }
            subscriber.endReplay();
            return subscriber;
        } catch (RuntimeException | Error ex) {
            subscriber.close();
            throw ex;
        }
    }

    @Override
    public LiveCursor now() {
        return reader.now().end().cursor();
    }

    private synchronized void add(Subscriber subscriber) {
        if (position == null) {
            position = reader.now().end();
        }
        subscribers.add(subscriber);
        startTail();
    }

    private synchronized void forgetClosed() {
        subscribers.removeIf(Subscriber::isClosed);
        if (subscribers.isEmpty() && (run == null || !run.hasTopics())) {
            LiveTail running = tail;
            if (running != null) {
                running.end();
            }
            tail = null;
            position = null;
        }
    }

    /** Begins to read the log for the listeners that are there, for these handlers, and for all that come. */
    public synchronized void start(Run bus, List<BroadcastSubscription> broadcasts) {
        pruning.forgetForeign();
        run = bus;
        if (position == null && bus.hasTopics()) {
            position = reader.now().end();
        }
        consumers.start(broadcasts, bus.executor(), settings.queueCapacity());
        startTail();
    }

    private void startTail() {
        if (run == null || position == null || tail != null) {
            return;
        }
        LiveTail started =
                new LiveTail(reader, position, new Listeners(), run.hub(), run.pollInterval(), settings.reachedEvery());
        tail = started;
        started.start();
    }

    /** Reads nothing more, and waits for broadcast handlers that run; false if some still do. */
    public boolean stop(Duration atMost) {
        LiveTail running = takeTail();
        if (running != null) {
            // Not under the lock: a listener may be closing itself on the thread that is waited for.
            goneTo(running.stop());
        }
        return consumers.stop(atMost);
    }

    private synchronized @Nullable LiveTail takeTail() {
        LiveTail running = tail;
        tail = null;
        run = null;
        return running;
    }

    private synchronized void goneTo(Position reached) {
        position = subscribers.isEmpty() ? null : reached;
    }

    /** Deletes what is older than the retention; returns how many events. Called by one thread. */
    public int prune() {
        return pruning.run();
    }

    /** A notification has come. */
    public void notified() {
        tell(each -> each.gate().notified());
    }

    /** This process has committed something live. */
    public void committed() {
        tell(each -> each.gate().knock());
    }

    /** Another instance has found something that nobody was notified of. */
    public void helpWanted() {
        tell(each -> each.gate().helpWanted());
    }

    /** The gate is closed by this instance. */
    public void parked() {
        tell(each -> each.gate().parked());
    }

    /** Something may have been committed unnoticed. */
    public void overlooked() {
        tell(each -> each.gate().overlooked());
    }

    /** The topics were forgotten for a while: all listeners are told that something is missing. */
    public void forgotten() {
        tell(LiveTail::oweGap);
    }

    /** The hub is connected again. */
    public void connected() {
        tell(each -> each.gate().reconnected());
    }

    private void tell(Consumer<LiveTail> what) {
        LiveTail running = tail;
        if (running != null) {
            what.accept(running);
        }
    }

    /** Hands what the tail finds to all. */
    private final class Listeners implements LiveTail.Sink {

        @Override
        public void found(List<Row> rows, Position read) {
            for (Row row : rows) {
                for (Subscriber each : subscribers) {
                    each.hear(row, read);
                }
            }
        }

        @Override
        public void missed() {
            subscribers.forEach(Subscriber::miss);
        }

        @Override
        public void cameBack() {
            Run bus = run;
            if (bus != null) {
                bus.cameBack().run();
            }
        }

        @Override
        public void reached(Position upto) {
            subscribers.forEach(each -> each.reach(upto));
        }

        @Override
        public void startOver(Position now) {
            subscribers.forEach(each -> each.startOver(now));
            pruning.forgetForeign();
        }
    }
}
