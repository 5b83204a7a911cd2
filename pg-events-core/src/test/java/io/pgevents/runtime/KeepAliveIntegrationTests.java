package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.LiveEvent;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether there is a thread that keeps the process running; processes of their own are tested with the starter. */
@Timeout(60)
class KeepAliveIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void close() {
        bus.close();
        assertThat(keepsAlive()).isFalse();
    }

    private static boolean keepsAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().equals("pg-events-keep-alive") && !each.isDaemon());
    }

    private void subscribe() {
        bus.subscribe("s", "t", TestSettings.QUICK, event -> List.of());
    }

    @Test
    void aSubscriptionKeepsTheProcessRunningFromEachStartToTheStop() {
        subscribe();
        for (int round = 0; round < 2; round++) {
            bus.start();
            assertThat(keepsAlive()).isTrue();
            bus.stop();
            assertThat(keepsAlive()).isFalse();
        }
    }

    @Test
    void soDoesABroadcastHandler() {
        bus.broadcastTo("live", "t", new LiveRecorder()).start();
        assertThat(keepsAlive()).isTrue();
    }

    @Test
    void soDoesAListenerOfChannels() {
        bus.channels().listen("c", notification -> {});
        bus.start();
        assertThat(keepsAlive()).isTrue();
    }

    @Test
    void whoOnlyPublishesMayEnd() {
        bus.live("t").start();
        bus.publisher().publish("t", 1);
        bus.publisher().broadcast("t", 2);
        assertThat(keepsAlive()).isFalse();
    }

    @Test
    void whoOnlyFollowsForSomethingElseMayEnd() {
        bus.broadcastTo("cache", "t", new BroadcastSubscription.Handler() {
                    @Override
                    public void received(LiveEvent event) {}

                    @Override
                    public void gap() {}

                    @Override
                    public boolean keepsAlive() {
                        return false;
                    }
                })
                .start();
        assertThat(keepsAlive()).isFalse();
    }

    @Test
    void aStartThatFailsKeepsNothing() {
        subscribe();
        bus.jdbc().execute("ALTER TABLE event_log_tick RENAME TO away");
        assertThatThrownBy(bus::start).hasMessageContaining("event_log_tick");
        assertThat(keepsAlive()).isFalse();
    }
}
