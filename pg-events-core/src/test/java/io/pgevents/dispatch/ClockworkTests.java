package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.retry.Outage;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ClockworkTests {

    private final Clockwork clockwork = new Clockwork(new Outage());

    @AfterEach
    void stop() {
        clockwork.stop();
    }

    /** An orderly end cancels what is due later; one by force, after some seconds, would only forget it. */
    @Test
    void aStopDoesNotWaitForWhatIsDueLater() {
        Future<?> later = clockwork.signals().schedule(() -> {}, 30, TimeUnit.MINUTES);
        clockwork.stop();
        assertThat(later.isCancelled()).isTrue();
        assertThat(clockwork.signals().isTerminated()).isTrue();
    }

    @Test
    void timeLimitsThatWereKeptLeaveNothingBehind() throws Exception {
        TimeLimit limit = new TimeLimit(Duration.ofMinutes(5), clockwork.signals());
        Callable<String> quick = () -> "done";
        for (int i = 0; i < 100; i++) {
            assertThat(limit.call(quick)).isEqualTo("done");
        }
        assertThat(((ScheduledThreadPoolExecutor) clockwork.signals()).getQueue())
                .isEmpty();
    }
}
