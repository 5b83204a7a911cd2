package io.pgevents.live;

import io.pgevents.channel.WakeUpHub;
import io.pgevents.live.LogPage.Row;
import io.pgevents.retry.Outage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the end of the log on a thread of its own, from one stop to the next, and hands what it finds to a sink, which
 * must not block. It parks at the hub while nothing comes, and polls in short steps under load. Whatever fails, it goes
 * on from where it was.
 */
final class LiveTail {

    private static final Logger log = LoggerFactory.getLogger(LiveTail.class);
    private static final String PART = "The tail of the live log";
    private static final Duration HOT_STEP = Duration.ofMillis(5);

    private final LogReader reader;
    private final Sink sink;
    private final TailGate gate;
    private final Duration pollInterval;
    private final Outage outage = new Outage();
    private final Semaphore wakes = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "pg-events-live");
    private final long reachedNanos;
    private volatile Position position;
    private volatile boolean gapOwed;
    private long lastReached = System.nanoTime();
    private boolean away;

    /** Gets what is found. */
    interface Sink {

        /** Rows of a read. */
        void found(List<Row> rows, Position read);

        /** Something may have been missed. */
        void missed();

        /** The log could not be read for a while, and is read again. */
        void cameBack();

        /** All up to a position between two reads was found; called now and then. */
        void reached(Position upto);

        /** Something may have been missed, and transaction ids may be given a second time. */
        void startOver(Position now);
    }

    LiveTail(
            LogReader reader,
            Position start,
            Sink sink,
            @Nullable WakeUpHub hub,
            Duration pollInterval,
            Duration reachedEvery) {
        this.reader = reader;
        this.position = start;
        this.sink = sink;
        this.gate = new TailGate(hub, this::wake);
        this.pollInterval = pollInterval;
        this.reachedNanos = reachedEvery.toNanos();
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets the thread end after what it is doing. */
    void end() {
        stopping.countDown();
        wakes.release();
    }

    /** Ends the thread and waits for it, unless this is the thread itself. Returns where it has got to. */
    Position stop() {
        end();
        if (Thread.currentThread() != thread) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(15));
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
        return position;
    }

    /** What comes from the hub goes through here. */
    TailGate gate() {
        return gate;
    }

    /** Events may have been committed that are not in the log. */
    void oweGap() {
        gapOwed = true;
        wake();
    }

    void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    private void run() {
        while (!isStopping()) {
            try {
                lookOnce();
                rest();
            } catch (RuntimeException | Error ex) {
                away = true;
                pause(outage.failed(PART, ex));
            }
        }
    }

    /** What was asked for before the read is done after it, and again if the read fails. */
    private void lookOnce() {
        TailGate.Look look = gate.look();
        boolean gap = gapOwed;
        int found = read();
        outage.worked(PART);
        if (gap) {
            gapOwed = false;
            sink.missed();
        }
        if (away) {
            away = false;
            sink.cameBack();
        }
        gate.found(found, look);
        reached();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Reads up to what is committed now; returns how many events that were. */
    private int read() {
        if (position.isInRead()) {
            return readToEnd();
        }
        LogPage page = reader.read(position.upto());
        if (isStopping()) {
            // There may be a successor already, which finds the same.
            return 0;
        }
        if (!page.follows(position)) {
            miss(page);
            return 0;
        }
        Position read = position.beforeAll(page.upto());
        if (!page.isLast()) {
            position = read;
            return readToEnd();
        }
        sink.found(page.rows(), read);
        position = read.atEnd();
        return page.rows().size();
    }

    /** Tells what happened since the position, and goes on from now. */
    private void miss(LogPage now) {
        boolean isOfServer = now.isOfServerOf(position);
        position = now.end();
        away = true;
        if (isOfServer) {
            log.warn("Live events were pruned before this instance has read them; its listeners are told so");
            sink.missed();
        } else {
            log.warn("The server has crashed or was replaced, and live events may be lost; the listeners are told so");
            sink.startOver(position);
        }
    }

    /** Goes on with a long read; it may have been broken off. */
    private int readToEnd() {
        int[] found = {0};
        Position start = position;
        reader.read(start, null, rows -> {
            if (!rows.isEmpty() && !isStopping()) {
                sink.found(rows, start);
                position = start.after(rows.get(rows.size() - 1).id());
                found[0] += rows.size();
            }
            return !isStopping();
        });
        if (isStopping()) {
            return found[0];
        }
        // What was pruned, or lost by the server, since the read has begun may be missing in it.
        LogPage now = reader.now();
        if (now.follows(start)) {
            position = start.atEnd();
        } else {
            miss(now);
        }
        return found[0];
    }

    /** In the middle of a read there is no place that holds for all listeners. */
    private void reached() {
        long now = System.nanoTime();
        if (!position.isInRead() && now - lastReached >= reachedNanos) {
            lastReached = now;
            sink.reached(position);
        }
    }

    private void rest() {
        if (gate.isHot()) {
            pause(HOT_STEP);
            return;
        }
        gate.park();
        try {
            boolean unused = wakes.tryAcquire(pollInterval.toMillis(), TimeUnit.MILLISECONDS);
            wakes.drainPermits();
        } catch (InterruptedException ex) {
            interrupted(ex);
        }
    }

    private void pause(Duration time) {
        try {
            boolean unused = stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ex) {
            interrupted(ex);
        }
    }

    /** Only {@link #end} ends this thread. */
    private static void interrupted(InterruptedException ex) {
        log.debug("Somebody else's code has interrupted the tail, which goes on", ex);
    }
}
