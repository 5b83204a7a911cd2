package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.schema.SchemaSettings;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

@Timeout(60)
@ExtendWith(LogCapture.class)
class BroadcastIntegrationTests {

    private final LiveRecorder live = new LiveRecorder();
    private TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    @AfterEach
    void stop() {
        bus.close();
    }

    @Test
    void isToldAfterTheCommitAndNotBefore() {
        bus.broadcastTo("live", "t", live).start();
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().broadcast("t", 1);
            assertThat(bus.publisher().awaitBroadcasts(Duration.ofSeconds(10))).isTrue();
            assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM event_log", Long.class))
                    .isZero();
        });
        assertThat(live.await(1).get(0).payload()).isEqualTo("1");
    }

    @Test
    void isNotToldAfterARollback() {
        bus.broadcastTo("live", "t", live).start();
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().broadcast("t", 1);
            status.setRollbackOnly();
        });
        TransactionTemplate nested = new TransactionTemplate(bus.transaction().getTransactionManager());
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().broadcast("t", 2);
            nested.executeWithoutResult(inner -> {
                bus.publisher().broadcast("t", 3);
                inner.setRollbackOnly();
            });
            bus.publisher().broadcast("t", 4);
        });
        live.await(2);
        assertThat(live.payloads()).containsExactly("2", "4");
    }

    @Test
    void equalPayloadsOfATransactionAreAllTold() {
        bus.broadcastTo("live", "t", live).start();
        bus.transaction()
                .executeWithoutResult(status ->
                        IntStream.range(0, 20).forEach(i -> bus.publisher().broadcast("t", "same")));
        live.await(20);
        assertThat(live.payloads()).hasSize(20).containsOnly("\"same\"");
        assertThat(live.events().stream().map(LiveEvent::eventId).distinct()).hasSize(20);
    }

    @Test
    void largePayloadsKeysAndHeadersTravel() {
        bus.broadcastTo("live", "t", live).start();
        String large = "x".repeat(20_000);
        bus.publisher()
                .broadcast(OutgoingEvent.of("t", large)
                        .withKey("k")
                        .withType("Large")
                        .withHeader("tenant", "7"));
        LiveEvent event = live.await(1).get(0);
        assertThat(event.payload()).isEqualTo('"' + large + '"');
        assertThat(event.key()).isEqualTo("k");
        assertThat(event.type()).isEqualTo("Large");
        assertThat(event.headers()).isEqualTo(Map.of("tenant", "7"));
    }

    @Test
    void thoseOfOnePublisherStayInOrderAlsoWhenTheBufferIsFull() {
        bus.live("#").start();
        bus.feed().listen(List.of(new TopicPattern("t")), live);
        int events = 25_000;
        for (int i = 0; i < events; i++) {
            bus.publisher().broadcast("t", i);
        }
        live.await(events);
        assertThat(live.payloads())
                .isEqualTo(IntStream.range(0, events).mapToObj(String::valueOf).toList());
        assertThat(live.gaps()).isZero();
    }

    @Test
    void moreBroadcastsThanFitAreLostAndSaid() {
        fillTheDisk();
        int most = 10_000;
        IntStream.range(0, most).forEach(i -> bus.publisher().broadcast("t", i));
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().broadcast("t", "lost");
            bus.publisher().broadcast("t", "lost");
        });
        assertThat(LogCapture.messages()).contains("2 broadcasts of a committed transaction are lost");
        assertThatThrownBy(() -> bus.publisher().broadcast("t", "lost")).hasMessageContaining("No space left");
        assertThat(bus.publisher().awaitBroadcasts(Duration.ZERO)).isFalse();

        bus.jdbc().execute("DROP FUNCTION fill_disk() CASCADE");
        assertThat(bus.publisher().awaitBroadcasts(Duration.ofSeconds(30))).isTrue();
        assertThat(bus.jdbc().queryForList("SELECT payload::text FROM event_log ORDER BY id", String.class))
                .isEqualTo(IntStream.range(0, most).mapToObj(String::valueOf).toList());
        bus.publisher().broadcast("t", most);
        assertThat(bus.publisher().awaitBroadcasts(Duration.ofSeconds(30))).isTrue();
    }

    /** The database answers, and takes nothing. */
    private void fillTheDisk() {
        bus.jdbc()
                .execute("CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$BEGIN RAISE EXCEPTION 'No space left' USING ERRCODE = 'disk_full'; END$$");
        bus.jdbc().execute("CREATE TRIGGER fill_disk BEFORE INSERT ON event_log EXECUTE FUNCTION fill_disk()");
    }

    @Test
    void whatIsBroadcastBeforeAStopIsWritten() {
        bus.start();
        for (int i = 0; i < 3000; i++) {
            bus.publisher().broadcast("t", i);
        }
        bus.stop();
        assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM event_log", Long.class))
                .isEqualTo(3000);
    }

    @Test
    void aHandlerIsToldOfTheGapAfterARestartOfTheBus() {
        bus.broadcastTo("live", "t", live).start();
        bus.publisher().broadcast("t", 1);
        live.await(1);
        assertThat(live.gaps()).as("at the first start").isZero();
        bus.stop();
        bus.publisher().broadcast("t", "missed");
        assertThat(bus.publisher().awaitBroadcasts(Duration.ofSeconds(30))).isTrue();
        bus.start();
        live.awaitGap();
        bus.publisher().broadcast("t", 2);
        live.await(2);
        assertThat(live.payloads()).containsExactly("1", "2");
        assertThat(live.gaps()).isEqualTo(1);
    }

    @Test
    void aSlowHandlerLosesTheOldestAndIsToldSo() throws InterruptedException {
        bus.close();
        bus = new TestBus(
                TestPostgres.newDatabaseUrl(),
                SchemaSettings.DEFAULT,
                new LiveLog.Settings(Duration.ofMinutes(1), 10, 1000));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<String> calls = new CopyOnWriteArrayList<>();
        bus.broadcastTo("slow", "t", new BroadcastSubscription.Handler() {
            @Override
            public void received(LiveEvent event) throws InterruptedException {
                entered.countDown();
                release.await();
                calls.add(event.payload());
            }

            @Override
            public void gap() {
                calls.add("gap");
            }
        });
        bus.start();
        bus.feed().listen(List.of(new TopicPattern("t")), live);
        bus.publisher().broadcast("t", 0);
        entered.await();
        bus.publisher()
                .publishAll(IntStream.range(1, 100)
                        .mapToObj(i -> OutgoingEvent.of("t", i))
                        .toList());
        live.await(100);
        release.countDown();
        await().until(() -> calls.contains("99"));
        assertThat(calls).hasSize(12).startsWith("0", "gap", "90");
        assertThat(LogCapture.warnings())
                .filteredOn(each -> each.contains("slow"))
                .hasSize(1);
    }

    @Test
    void aHandlerThatThrowsGetsTheNextEvent() {
        bus.broadcastTo("failing", "t", new BroadcastSubscription.Handler() {
            @Override
            public void received(LiveEvent event) {
                live.received(event);
                throw new IllegalStateException("no");
            }

            @Override
            public void gap() {}
        });
        bus.start();
        bus.feed().listen(List.of(new TopicPattern("t")), new LiveListener() {
            @Override
            public void received(LiveEvent event) {
                throw new IllegalStateException("neither");
            }

            @Override
            public void gap() {}
        });
        bus.publisher().broadcast("t", 1);
        bus.publisher().broadcast("t", 2);
        live.await(2);
        assertThat(live.payloads()).containsExactly("1", "2");
    }
}
