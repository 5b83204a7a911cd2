package io.pgevents.live;

import io.pgevents.channel.Heat;
import io.pgevents.channel.WakeUpHub;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The gate of the live log as its tail sees it: when it is closed, when it is opened again because notifications come too
 * fast, and when the other instances are told of what nobody was notified of. Threads of the hub and of publishers call
 * it beside that of the tail.
 */
final class TailGate {

    private static final long QUIET_NANOS = Duration.ofMillis(100).toNanos();
    /** So many events at once are found only by who has not been told of the first ones. */
    private static final int MANY = 10;

    private final @Nullable WakeUpHub hub;
    private final Runnable wake;
    private final Heat heat = new Heat();
    private final AtomicInteger overlooked = new AtomicInteger();
    private volatile boolean isOurs;
    private volatile long parkedAt = System.nanoTime();
    private volatile long lastHeard = System.nanoTime();
    private long lastFound = System.nanoTime();
    private long lastCry = System.nanoTime();
    private int overlookedBefore;

    /**
     * What was known when a read began.
     *
     * @param begun when it began
     * @param overlooked how often something was overlooked by then
     */
    record Look(long begun, int overlooked) {}

    /**
     * An open gate.
     *
     * @param hub where it is; null if the tail only polls
     * @param wake lets the tail look
     */
    TailGate(@Nullable WakeUpHub hub, Runnable wake) {
        this.hub = hub;
        this.wake = wake;
    }

    /** A notification has come. */
    void notified() {
        lastHeard = System.nanoTime();
        knock();
    }

    /** This process has committed something live. */
    void knock() {
        if (heat.knocked()) {
            open();
        }
        wake.run();
    }

    /** Another instance has found what nobody was told of. */
    void helpWanted() {
        lastHeard = System.nanoTime();
        heat.warm();
        wake.run();
    }

    /** It is closed by this instance. */
    void parked() {
        parkedAt = System.nanoTime();
        isOurs = true;
        wake.run();
    }

    /** A transaction that is older than the closing is over: nobody was notified of what it has written. */
    void overlooked() {
        overlooked.incrementAndGet();
        wake.run();
    }

    /** Notifications may have been missed, and it may be free. */
    void reconnected() {
        isOurs = false;
        wake.run();
    }

    /** The tail begins to read. */
    Look look() {
        return new Look(System.nanoTime(), overlooked.get());
    }

    /** The tail has read so many events. If it fails to read, what it owes to others stays owed. */
    void found(int count, Look look) {
        if (count > 0) {
            found(count, look.begun());
        }
        if (look.overlooked() != overlookedBefore) {
            overlookedBefore = look.overlooked();
            tellOthers();
        }
    }

    private void found(int count, long readBegun) {
        long now = System.nanoTime();
        boolean told = isOurs || now - lastHeard < QUIET_NANOS || lastHeard - readBegun >= 0;
        if (!told && now - lastFound > QUIET_NANOS) {
            cry(now);
        }
        lastFound = now;
        heat.worked();
        if (count >= MANY) {
            heat.warm();
            open();
        }
    }

    /** Only the instance that has closed the gate knows of older transactions; what they wrote may be found already. */
    private void tellOthers() {
        if (lastFound - parkedAt >= 0) {
            cry(System.nanoTime());
        }
    }

    /** Whoever hears it polls for longer than the silence that follows. */
    private void cry(long now) {
        if (now - lastCry > QUIET_NANOS) {
            lastCry = now;
            atHub((at, name) -> at.cryForHelp(List.of(name)));
        }
    }

    /** Whether the tail is to poll in short steps. */
    boolean isHot() {
        return heat.isHot();
    }

    /** Asks to close it, because there is nothing to do. */
    void park() {
        atHub(WakeUpHub::park);
    }

    private void open() {
        isOurs = false;
        atHub(WakeUpHub::unpark);
    }

    private void atHub(BiConsumer<WakeUpHub, String> what) {
        if (hub != null) {
            what.accept(hub, EventSchema.LIVE);
        }
    }
}
