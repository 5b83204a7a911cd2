package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.channel.Channels.Registration;
import io.pgevents.schema.EventSchema;
import io.pgevents.support.LogCapture;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A hub that is refused again and again. */
@ExtendWith(LogCapture.class)
class HubReconnectTests {

    /** Seven attempts have pauses of 100 ms to 3.2 s between them, and each may be half as long. */
    private static final int ATTEMPTS = 7;

    private final List<Long> attempts = new CopyOnWriteArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Channels channels = new Channels(executor, true);
    private final WakeUpHub hub = new WakeUpHub(
            this::refuse,
            new EventSchema("public"),
            new WakeUpHub.Settings(1, "test", Duration.ofSeconds(2)),
            new NobodySleeps(),
            channels);

    @AfterEach
    void stop() {
        hub.stop();
        executor.shutdownNow();
    }

    private Connection refuse() throws SQLException {
        attempts.add(System.nanoTime());
        throw new SQLException("Connection refused");
    }

    private Duration between(int attempt, int later) {
        return Duration.ofNanos(attempts.get(later - 1) - attempts.get(attempt - 1));
    }

    @Test
    void connectsAgainWithGrowingPauses() {
        hub.start();
        await().until(() -> attempts.size() >= ATTEMPTS);
        // Only the shortest pauses are certain: a busy machine makes them longer.
        assertThat(between(1, ATTEMPTS)).isGreaterThan(Duration.ofSeconds(3));
        assertThat(between(ATTEMPTS - 1, ATTEMPTS)).isGreaterThan(Duration.ofMillis(1_500));
        assertThat(LogCapture.warnings())
                .singleElement()
                .asString()
                .startsWith("The listening connection is lost")
                .endsWith("java.sql.SQLException: Connection refused");
    }

    @Test
    void doesNotSayThatItListens() {
        Registration registration = channels.listen("a", new Heard());
        hub.start();
        await().until(() -> attempts.size() >= 3);
        assertThat(hub.awaitListening(Duration.ofMillis(100))).isFalse();
        assertThat(registration.isListening()).isFalse();
        assertThat(channels.status().connectedSince()).isNull();
        assertThat(channels.status().reconnects()).isZero();
    }
}
