package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.retry.RetryPolicy.Backoff;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LifecycleIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final CountDownLatch inHandler = new CountDownLatch(1);

    private static SubscriptionSettings settings(Mode mode, int concurrency, Duration timeout) {
        return new SubscriptionSettings(
                mode, Order.NONE, concurrency, 20, Duration.ofSeconds(30), timeout, TestBus.QUICK_RETRY);
    }

    private TestBus bus(Duration drain) {
        return new TestBus(url)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), s.listen(), s.pollInterval(), s.maxTransactions(), drain, s.retention()));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("pg-events-"))
                .toList();
    }

    @Test
    void startsAgainAfterAStop() {
        try (TestBus bus =
                bus(Duration.ofSeconds(5)).subscribe("s", "t", settings(Mode.TRANSACTIONAL, 2, null), e -> List.of())) {
            for (int round = 1; round <= 3; round++) {
                int expected = round;
                bus.start();
                bus.publisher().publish("t", round);
                await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == expected);
                bus.stop();
                bus.publisher().publish("other", round);
            }
            assertThat(Effects.number(bus, "SELECT count(*) FROM event_node")).isZero();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> threads().isEmpty());
    }

    @Test
    void aStartThatFailsHalfWayLeavesNothingBehindAndCanBeTriedAgain() {
        try (TestBus bus =
                bus(Duration.ofSeconds(5)).subscribe("s", "t", settings(Mode.TRANSACTIONAL, 2, null), e -> List.of())) {
            bus.jdbc().execute("ALTER TABLE event_log_tick RENAME TO away");
            assertThatThrownBy(bus::start).hasMessageContaining("event_log_tick");
            assertThat(Effects.number(bus, "SELECT count(*) FROM event_node")).isZero();
            assertThat(Effects.number(
                            bus,
                            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND application_name LIKE 'pg-events%'"))
                    .isZero();
            bus.jdbc().execute("ALTER TABLE away RENAME TO event_log_tick");
            bus.start();
            bus.publisher().publish("t", 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 1);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> threads().isEmpty());
    }

    @Test
    void stopsFromManyThreadsAndBeforeAStartWithoutHarm() throws InterruptedException {
        TestBus bus = bus(Duration.ofSeconds(5)).subscribe("s", "t", settings(Mode.LEASED, 2, null), e -> List.of());
        assertThatCode(bus::stop).doesNotThrowAnyException();
        bus.start();
        ExecutorService stoppers = Executors.newFixedThreadPool(10);
        for (int i = 0; i < 10; i++) {
            stoppers.execute(bus::stop);
        }
        stoppers.shutdown();
        assertThat(stoppers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThatCode(bus::stop).doesNotThrowAnyException();
        bus.close();
        assertThat(threads()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void waitsForRunningHandlersAndBeginsNoMore(Mode mode) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        TestBus bus = bus(Duration.ofSeconds(10)).subscribe("s", "t", settings(mode, 1, null), event -> {
            inHandler.countDown();
            go.await();
            handled.incrementAndGet();
            return List.of();
        });
        bus.publisher()
                .publishAll(IntStream.range(0, 10)
                        .mapToObj(n -> OutgoingEvent.of("t", n))
                        .toList());
        // Registers the subscription, which adopts what waits.
        bus.start();
        inHandler.await();
        Thread stopper = new Thread(bus::stop);
        stopper.start();
        await().until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        stopper.join(20_000);
        assertThat(handled).hasValueBetween(1, 2);
        assertThat(bus.count("done")).isEqualTo(handled.get());
        assertThat(bus.count("pending")).isEqualTo(10 - handled.get());
        assertThat(Effects.number(
                        bus, "SELECT count(*) FROM event_queue WHERE status = 'pending' AND attempt_count > 0"))
                .isZero();
        bus.close();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void interruptsAHandlerThatNeverEndsAndDoesNotCountTheAttempt(Mode mode) throws InterruptedException {
        TestBus bus = bus(Duration.ofMillis(200)).subscribe("s", "t", settings(mode, 1, null), event -> {
            inHandler.countDown();
            new CountDownLatch(1).await();
            return List.of();
        });
        bus.start();
        bus.publisher().publish("t", 1);
        inHandler.await();
        bus.stop();
        assertThat(bus.count("pending")).isEqualTo(1);
        assertThat(Effects.number(bus, "SELECT attempt_count FROM event_queue")).isZero();
        assertThat(Effects.number(bus, "SELECT count(*) FROM event_node")).isZero();
        assertThat(Effects.openTransactions(bus)).isZero();
        bus.close();
        assertThat(threads()).isEmpty();
    }

    @Test
    void leavesWhatIsDueLaterToTheNextStart() {
        try (TestBus bus = bus(Duration.ofSeconds(5))
                .subscribe("s", "t", settings(Mode.TRANSACTIONAL, 1, Duration.ofMinutes(5)), e -> List.of())) {
            bus.start();
            bus.publisher().publish("t", 1);
            bus.publisher().publish(OutgoingEvent.of("t", 1).withDelay(Duration.ofMinutes(30)));
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 1);
            bus.stop();
            assertThat(bus.count("pending")).isEqualTo(1);
            assertThat(threads()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aTimeoutIsAFailedAttemptOfItsEventOnly(Mode mode) {
        // A machine that stands still may stop a quick one too, but not five times.
        RetryPolicy patient =
                new RetryPolicy(5, new Backoff(Duration.ofMillis(20), 1, Duration.ofMillis(20), 0), Set.of(), Set.of());
        SubscriptionSettings how = new SubscriptionSettings(
                mode, Order.NONE, 4, 20, Duration.ofSeconds(30), Duration.ofMillis(150), patient);
        try (TestBus bus = bus(Duration.ofSeconds(5)).subscribe("s", "t", how, event -> {
            if (event.payload().equals("\"slow\"")) {
                new CountDownLatch(1).await();
            }
            return List.of();
        })) {
            bus.start();
            for (int i = 0; i < 200; i++) {
                bus.publisher().publish("t", i % 50 == 0 ? "slow" : "quick");
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 196 && bus.count("failed") == 4);
            assertThat(bus.jdbc()
                            .queryForList("SELECT last_error FROM event_queue WHERE status = 'failed'", String.class))
                    .allMatch(error -> error.contains("longer than its timeout"));
        }
    }

    @Test
    void anInterruptLeftBehindByAHandlerDoesNotHitTheNextEvent() {
        AtomicInteger hit = new AtomicInteger();
        try (TestBus bus = bus(Duration.ofSeconds(5))
                .subscribe("s", "t", settings(Mode.TRANSACTIONAL, 1, null), event -> {
                    if (Thread.currentThread().isInterrupted()) {
                        hit.incrementAndGet();
                    }
                    Thread.currentThread().interrupt();
                    return List.of();
                })) {
            bus.start();
            bus.publisher()
                    .publishAll(IntStream.range(0, 300)
                            .mapToObj(n -> OutgoingEvent.of("t", n))
                            .toList());
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 300);
            assertThat(hit).hasValue(0);
        }
    }

    @Test
    void neverRunsMoreTransactionsThanPermitted() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        TestBus many = new TestBus(url)
                .settings(s ->
                        new PgEventsSettings(s.nodeName(), true, s.pollInterval(), 3, s.drainTimeout(), s.retention()));
        for (int i = 0; i < 20; i++) {
            many.subscribe("s" + i, "t", settings(Mode.TRANSACTIONAL, 4, null), event -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                running.decrementAndGet();
                return List.of();
            });
        }
        try (TestBus bus = many.start()) {
            bus.publisher()
                    .publishAll(IntStream.range(0, 50)
                            .mapToObj(n -> OutgoingEvent.of("t", n))
                            .toList());
            await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("done") == 1000);
            assertThat(most).hasValueBetween(2, 3);
            assertThat(Effects.number(bus, "SELECT count(DISTINCT subscription) FROM event_queue"))
                    .isEqualTo(20);
        }
    }

    @Test
    void aLongHandlerDoesNotKeepEventsFromFreeWorkers() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        TestBus slow = new TestBus(url)
                .settings(s -> new PgEventsSettings(
                        s.nodeName(), false, Duration.ofMillis(300), 5, s.drainTimeout(), s.retention()));
        try (TestBus bus = slow.subscribe("s", "t", settings(Mode.TRANSACTIONAL, 3, null), event -> {
            if (event.payload().equals("\"long\"")) {
                inHandler.countDown();
                release.await();
            }
            return List.of();
        })) {
            bus.start();
            bus.publisher().publish("t", "long");
            inHandler.await();
            for (int i = 1; i <= 5; i++) {
                int expected = i;
                bus.jdbc().update("INSERT INTO event_queue (topic, payload) VALUES ('t', '1')");
                await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == expected);
            }
            release.countDown();
            await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 6);
        }
    }
}
