package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DueTimerTests {

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private final AtomicInteger rings = new AtomicInteger();
    private final DueTimer timer = new DueTimer(executor, rings::incrementAndGet);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void ringsAtEachTimeInWhateverOrderTheyAreSet() {
        timer.set(Duration.ofMillis(300));
        timer.set(Duration.ofMillis(50));
        timer.set(Duration.ofMillis(600));
        await().atMost(Duration.ofSeconds(20)).until(() -> rings.get() == 3);
    }

    @Test
    void doesNotRingTwiceForOneMillisecond() {
        for (int i = 0; i < 100; i++) {
            timer.within(Duration.ofSeconds(1));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> rings.get() > 0);
        assertThat(executor.getQueue()).isEmpty();
        assertThat(rings).hasValue(1);
    }

    @Test
    void ringsInTimeAlsoWhereALaterTimeIsSet() {
        timer.set(Duration.ofMinutes(30));
        timer.within(Duration.ofMillis(20));
        await().atMost(Duration.ofSeconds(20)).until(() -> rings.get() == 1);
    }

    @Test
    void leavesTheFarFutureAndTooManyTimesToThePoll() {
        timer.set(Duration.ofHours(2));
        assertThat(executor.getQueue()).isEmpty();
        for (int i = 0; i < 5000; i++) {
            timer.set(Duration.ofMinutes(10).plusMillis(i));
        }
        timer.set(Duration.ofMillis(20));
        await().atMost(Duration.ofSeconds(20)).until(() -> rings.get() == 1);
    }

    @Test
    void isSilentOnceItsThreadIsStopped() {
        ScheduledExecutorService stopped = Executors.newSingleThreadScheduledExecutor();
        stopped.shutdown();
        assertThatCode(() -> new DueTimer(stopped, rings::incrementAndGet).set(Duration.ofMillis(1)))
                .doesNotThrowAnyException();
    }
}
