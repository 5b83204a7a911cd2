package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.schema.SchemaSettings;
import io.pgevents.subscription.SubscriptionRegistration;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** An instance that was away for so long that others have forgotten its live topics. */
@Timeout(90)
@ExtendWith(LogCapture.class)
class ForgottenTopicsIntegrationTests {

    private static final List<TopicPattern> TOPIC = List.of(new TopicPattern("t"));

    private final TestBus bus = new TestBus(
                    TestPostgres.newDatabaseUrl(),
                    SchemaSettings.DEFAULT,
                    new LiveLog.Settings(Duration.ofMillis(300), 10, 100))
            .live("t");
    private final LiveRecorder live = new LiveRecorder();

    @BeforeEach
    void start() {
        bus.start();
        // Only with the second connection, the first one after a loss, topics are named again.
        await().until(() -> bus.channels().status().connectedSince() != null);
        bus.feed().listen(TOPIC, live);
    }

    @AfterEach
    void stop() {
        bus.close();
    }

    private SubscriptionRegistration another() {
        return new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema());
    }

    /** What another application does after a day. */
    private void forget() {
        bus.jdbc().update("UPDATE event_live_topic SET used_at = used_at - interval '25 hours'");
        another().registerLive(List.of());
        assertThat(routes()).isZero();
        bus.publisher().publish("t", "missed");
    }

    private long routes() {
        Long routes =
                bus.jdbc().queryForObject("SELECT count(*) FROM event_subscription WHERE name = '$live'", Long.class);
        return routes == null ? -1 : routes;
    }

    private void loseTheListeningConnection() {
        bus.jdbc()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'pg-events-hub' AND datname = current_database()");
    }

    private void assertItIsToldAndGoesOn() {
        live.awaitGap();
        assertThat(routes()).isEqualTo(1);
        bus.publisher().publish("t", "heard");
        live.await(1);
        assertThat(live.payloads()).containsExactly("\"heard\"");
        assertThat(live.gaps()).isEqualTo(1);
    }

    @Test
    void namesThemAgainWhenTheListeningConnectionIsBack() {
        forget();
        loseTheListeningConnection();
        assertItIsToldAndGoesOn();
    }

    @Test
    void isToldOfTheGapAlsoIfAnotherInstanceWasQuicker() {
        forget();
        another().registerLive(TOPIC);
        loseTheListeningConnection();
        assertItIsToldAndGoesOn();
    }

    @Test
    void namesThemAgainWhenTheLogCanBeReadAgain() {
        bus.jdbc().execute("ALTER TABLE event_log RENAME TO away");
        await().until(() ->
                LogCapture.warnings().stream().anyMatch(each -> each.startsWith("The tail of the live log failed")));
        forget();
        bus.jdbc().execute("ALTER TABLE away RENAME TO event_log");
        assertItIsToldAndGoesOn();
    }

    @Test
    void namesThemAgainAfterAGap() throws InterruptedException {
        CountDownLatch frozen = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        bus.feed().listen(List.of(new TopicPattern("freeze")), new LiveListener() {
            @Override
            public void received(LiveEvent event) {
                frozen.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException ex) {
                    throw new IllegalStateException(ex);
                }
            }

            @Override
            public void gap() {}
        });
        insert("freeze");
        frozen.await();
        forget();
        awaitHorizon();
        goOn.countDown();
        await().until(() -> live.gaps() == 2);
        bus.publisher().publish("t", "heard");
        live.await(1);
    }

    private void insert(String topic) {
        bus.jdbc().update("INSERT INTO event_log (topic, payload) VALUES (?, '1')", topic);
    }

    /** Until the tail is behind what is pruned. */
    private void awaitHorizon() {
        LiveCursor cursor = bus.feed().now();
        await().until(() -> {
            insert("other");
            bus.feed().prune();
            LiveRecorder late = new LiveRecorder();
            bus.feed().listen(TOPIC, cursor, late).close();
            return late.gaps() == 1;
        });
    }
}
