package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.dispatch.TimeLimit.HandlerTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TimeLimitTests {

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(4);

    @AfterEach
    void shutDown() {
        timer.shutdownNow();
    }

    @Test
    void interruptsWhatTakesTooLong() {
        TimeLimit limit = new TimeLimit(Duration.ofMillis(20), timer);
        assertThatThrownBy(() -> limit.call(() -> new CountDownLatch(1).await(10, TimeUnit.SECONDS)))
                .isInstanceOf(HandlerTimeoutException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void isAFailureAlsoIfTheInterruptIsSwallowed() {
        TimeLimit limit = new TimeLimit(Duration.ofMillis(5), timer);
        assertThatThrownBy(() -> limit.call(() -> {
                    try {
                        new CountDownLatch(1).await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException ex) {
                        return "swallowed";
                    }
                    return "not interrupted";
                }))
                .isInstanceOf(HandlerTimeoutException.class);
    }

    @Test
    void passesOnWhatTheWorkThrows() {
        TimeLimit limit = new TimeLimit(Duration.ofSeconds(10), timer);
        assertThatThrownBy(() -> limit.call(() -> {
                    throw new IllegalArgumentException("its own");
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The work ends just when its time is over: the interrupt must not hit what the thread does next. */
    @Test
    void neverInterruptsTheNextTask() throws Exception {
        TimeLimit limit = new TimeLimit(Duration.ofMillis(1), timer);
        int leaks = 0;
        for (int i = 0; i < 3000; i++) {
            long spin = 850_000 + (i % 300) * 1000L;
            try {
                limit.call(() -> {
                    long end = System.nanoTime() + spin;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return "";
                });
            } catch (HandlerTimeoutException ex) {
                // Either is right.
            }
            LockSupport.parkNanos(20_000);
            if (Thread.interrupted()) {
                leaks++;
            }
        }
        assertThat(leaks).isZero();
    }
}
