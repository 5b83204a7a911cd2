package io.pgevents.dispatch;

import io.pgevents.Priority;
import io.pgevents.channel.Heat;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.queue.Claims.SubscriptionScope;
import io.pgevents.retry.Outage;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one subscription on one instance. Thread-safe; the package documentation has the protocol. */
final class SubscriptionConsumer {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionConsumer.class);
    private static final Duration HOT_STEP = Duration.ofMillis(5);
    private static final Duration HOT_PAUSE = Duration.ofMillis(4);
    private static final Duration BUSY_STEP = Duration.ofMillis(20);
    private static final Duration LONG_PASS = Duration.ofMillis(25);
    private static final long CRY_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final String name;
    private final String part;
    private final Machinery machinery;
    private final Floor floor;
    private final Heat heat = new Heat();
    private final StopSignal stop = new StopSignal();
    private final DueTimer timer;
    private final Pass pass;
    private final Crew crew;
    private final AtomicLong lastCry = new AtomicLong(System.nanoTime() - CRY_PAUSE_NANOS);
    private final AtomicBoolean rang = new AtomicBoolean();
    private volatile boolean scheduled;
    private volatile boolean lookOwed;
    private volatile long pausedUntil = System.nanoTime();

    /**
     * What all consumers of an instance share.
     *
     * @param store what passes write with
     * @param started where the queue was when this instance started
     * @param leases the leases of this instance
     * @param caution which events may have killed a process
     * @param permits one for each handling transaction
     * @param executor runs workers
     * @param timer runs signals only
     * @param parking where idle consumers sleep
     * @param outage keeps the log quiet
     */
    record Machinery(
            Store store,
            Position started,
            Leases leases,
            Caution caution,
            Semaphore permits,
            Executor executor,
            ScheduledExecutorService timer,
            Dispatcher.Parking parking,
            Outage outage) {}

    SubscriptionConsumer(Subscription subscription, Machinery machinery) {
        this.name = subscription.name();
        this.part = "The consumer of " + name;
        this.machinery = machinery;
        this.floor = subscription.settings().isOrdered()
                ? Floor.ofWindows(machinery.started())
                : Floor.ofBatches(machinery.started());
        this.timer = new DueTimer(machinery.timer(), this::ring);
        this.pass = pass(subscription, subscription.handler());
        this.crew = new Crew(subscription.settings().concurrency(), machinery.executor(), this::round, this::rest);
    }

    private <T> Pass pass(Subscription subscription, EventHandler<T> handler) {
        SubscriptionSettings settings = subscription.settings();
        Store store = machinery.store();
        SubscriptionScope scope = new SubscriptionScope(
                name, handler.knownTypes(), settings.retry().maxAttempts());
        Claimer claimer = settings.isOrdered()
                ? new OrderedClaimer(store.claims(), scope, floor, settings)
                : new UnorderedClaimer(store.claims(), scope, floor);
        Claimer inTurn = new Baton(claimer, this::passOn);
        HandlerCall<T> call =
                new HandlerCall<>(handler, store.publisher(), new TimeLimit(settings.timeout(), machinery.timer()));
        Failures failures = new Failures(store.settlements(), settings.retry(), timer::set);
        Work<T> work = new Work<>(scope, settings, inTurn, call, failures, new BatchLimit(settings.batchSize()), stop);
        return settings.mode() == Mode.LEASED
                ? new LeasedPass<>(work, store, machinery.leases())
                : new TransactionalPass<>(work, store, machinery.caution(), machinery.permits());
    }

    /** The name of the subscription. */
    String name() {
        return name;
    }

    /** There may be work. While the consumer is hot, more of it is awaited for a moment: it comes in batches then. */
    void signal() {
        floor.unsettle();
        if (heat.isHot()) {
            timer.within(HOT_PAUSE);
        } else {
            wake();
        }
    }

    private void ring() {
        rang.set(true);
        wake();
    }

    private void wake() {
        if (isPaused()) {
            return;
        }
        try {
            crew.signal();
        } catch (RejectedExecutionException ex) {
            log.debug("The executor takes no worker for {}; the next poll tries again", name, ex);
        }
    }

    /** After a failure nothing is tried until the pause is over, whoever signals. */
    private boolean isPaused() {
        return pausedUntil - System.nanoTime() > 0;
    }

    /** Begins a pause, at the end of which the timer rings. Workers that fail together share one. */
    private void pause(Duration pause) {
        if (!isPaused()) {
            pausedUntil = System.nanoTime() + pause.toNanos();
            timer.set(pause);
        }
    }

    /** There may be work that stayed behind. Who says so has reached the database, so no pause has to be waited for. */
    void signalSweep() {
        floor.wantSweep();
        pausedUntil = System.nanoTime();
        wake();
    }

    /** There will be work. */
    void signalIn(Duration dueIn) {
        if (dueIn.isZero()) {
            signal();
        } else {
            scheduled = true;
            timer.set(dueIn);
        }
    }

    /** A notification has come. */
    void notified(Duration dueIn) {
        if (heat.knocked()) {
            machinery.parking().unpark(name);
            // Also if nothing is due yet: who does not sleep has to poll.
            wake();
        } else if (dueIn.isZero() && (isPaused() || !crew.hasRoom())) {
            // Nobody else is notified while this consumer keeps the gate; another instance may have a worker for it.
            machinery.parking().cryForHelp(name);
        }
        signalIn(dueIn);
    }

    /** Whether a worker is free, so that the poll has to look after this consumer. */
    boolean hasRoom() {
        return crew.hasRoom();
    }

    /** The poll has looked after this consumer; while no worker is free it passes it. */
    void lookedAfter() {
        lookOwed = false;
    }

    /** Up to where this instance has claimed. */
    Map<Priority, Position> reached() {
        return floor.reached();
    }

    private void round() {
        if (isPaused()) {
            return;
        }
        Future<?> relief = relief();
        try {
            Outcome outcome = pass.run();
            machinery.outage().worked(part);
            pausedUntil = System.nanoTime();
            if (outcome != Outcome.IDLE) {
                heat.worked();
            }
            if (outcome == Outcome.FULL) {
                passOn();
            } else if (outcome == Outcome.BUSY) {
                timer.within(BUSY_STEP);
            }
        } catch (RuntimeException | Error ex) {
            pause(machinery.outage().failed(part, ex));
        } finally {
            if (relief != null) {
                relief.cancel(false);
            }
        }
    }

    /**
     * Nobody notifies a consumer that is not parked: it looks by itself, after each pass, until it rests. A pass that takes long,
     * because of a slow handler or a sweep, must not hold that up; so another worker looks meanwhile. If none is free, the next
     * one that becomes free looks before it rests.
     */
    private @Nullable Future<?> relief() {
        if (!crew.hasRoom()) {
            return null;
        }
        try {
            return machinery.timer().schedule(this::relieve, LONG_PASS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ex) {
            log.debug("{} stops: nobody looks beside its last pass", part, ex);
            return null;
        }
    }

    private void relieve() {
        if (crew.hasRoom()) {
            wake();
        }
    }

    private void passOn() {
        wake();
        cryForHelp();
    }

    private void cryForHelp() {
        long now = System.nanoTime();
        long last = lastCry.get();
        if (now - last >= CRY_PAUSE_NANOS && lastCry.compareAndSet(last, now)) {
            machinery.parking().cryForHelp(name);
        }
    }

    private void rest() {
        if (isPaused()) {
            return;
        }
        if (heat.isHot()) {
            timer.within(HOT_STEP);
            return;
        }
        Duration untilNextLook = floor.untilNextLook();
        if (untilNextLook != null) {
            timer.within(untilNextLook);
        }
        if (rang.getAndSet(false) && scheduled) {
            // Only the nearest due time of a transaction is told.
            scheduled = false;
            lookOwed = true;
        }
        if (lookOwed) {
            machinery.parking().lookAhead();
        }
        machinery.parking().park(name);
    }

    /** Begins no further event. */
    void drain() {
        stop.drain();
        crew.stop();
    }

    /** Waits for running handlers after {@link #drain()}; false if some still run. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return crew.awaitEnd(atMost);
    }

    /** Interrupts running handlers after {@link #drain()}: what they did is rolled back or handed back. */
    void abort() {
        stop.abort();
        crew.interrupt();
    }
}
