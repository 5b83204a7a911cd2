package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A handler's writes, its next steps and the end of its event commit together, whatever happens to neighbours. */
class ExactlyOnceEffectIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());

    static List<SubscriptionSettings> modes() {
        return List.of(TestSettings.QUICK, TestSettings.leased());
    }

    @BeforeEach
    void createEffects() {
        bus.jdbc().execute("CREATE TABLE effect (payload text)");
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void writesEachEffectOnceWhenNeighboursFail() {
        bus.subscribe("s", "a", TestSettings.QUICK, event -> {
                    effect(event);
                    int number = Integer.parseInt(event.payload());
                    if (number % 17 == 3 || (number % 5 == 4 && event.metadata().attempt() == 1)) {
                        throw new IllegalStateException("broken");
                    }
                    return List.of();
                })
                .start();
        publishWhileStopped(200);
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("pending") == 0);
        List<String> good = IntStream.range(0, 200)
                .filter(n -> n % 17 != 3)
                .mapToObj(String::valueOf)
                .toList();
        assertThat(effects()).containsExactlyInAnyOrderElementsOf(good);
        assertThat(bus.count("failed")).isEqualTo(200 - good.size());
    }

    @Test
    void judgesABatchHandlersEventsOneByOneAfterAFailure() {
        Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
        bus.subscribe("s", "a", TestSettings.QUICK, batch(events -> {
                    sizes.add(events.size());
                    events.forEach(this::effect);
                    if (events.stream().anyMatch(event -> event.payload().equals("13"))) {
                        throw new IllegalStateException("13 is broken");
                    }
                }))
                .start();
        publishWhileStopped(60);
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.count("failed") == 1 && bus.count("done") == 59);
        assertThat(sizes).anySatisfy(size -> assertThat(size).isGreaterThan(1));
        assertThat(effects()).hasSize(59).doesNotHaveDuplicates().doesNotContain("13");
        assertThat(bus.jdbc()
                        .queryForObject("SELECT payload::text FROM event_queue WHERE status = 'failed'", String.class))
                .isEqualTo("13");
        assertThat(bus.jdbc()
                        .queryForList("SELECT attempt_count FROM event_queue WHERE status = 'done'", Integer.class))
                .containsOnly(1);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void publishesTheNextStepOnlyWhenTheEventIsOver(SubscriptionSettings mode) {
        Recorder next = new Recorder();
        bus.subscribe("first", "a", mode, event -> {
                    if (event.metadata().attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return List.of(OutgoingEvent.ofJson("b", event.payload()), OutgoingEvent.of("nobody", 1));
                })
                .subscribe("second", "b", TestSettings.QUICK, next)
                .start();
        for (int i = 0; i < 30; i++) {
            bus.publisher().publish("a", i);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("done") == 60);
        assertThat(next.payloads()).hasSize(30).doesNotHaveDuplicates();
        assertThat(bus.count("pending")).as("those nobody takes").isEqualTo(30);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void failsTheAttemptWhoseNextStepIsNotValid(SubscriptionSettings mode) {
        bus.subscribe("s", "a", mode, event -> List.of(OutgoingEvent.of("good", 1), OutgoingEvent.of("not a topic", 2)))
                .start();
        bus.publisher().publish("a", 1);
        await().until(() -> bus.count("failed") == 1);
        assertThat(bus.jdbc().queryForObject("SELECT last_error FROM event_queue", String.class))
                .contains("Not a topic: \"not a topic\"");
        assertThat(bus.jdbc().queryForList("SELECT topic FROM event_queue", String.class))
                .containsExactly("a");
    }

    @Test
    void failsTheEventWhoseHandlerHasBrokenTheTransaction() {
        bus.subscribe("s", "a", TestSettings.QUICK, event -> {
                    effect(event);
                    if (event.payload().equals("5")) {
                        try {
                            bus.jdbc().update("INSERT INTO no_such_table VALUES (1)");
                        } catch (org.springframework.dao.DataAccessException ex) {
                            return List.of();
                        }
                    }
                    return List.of();
                })
                .start();
        publishWhileStopped(20);
        await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("failed") == 1 && bus.count("done") == 19);
        assertThat(effects()).hasSize(19).doesNotHaveDuplicates().doesNotContain("5");
    }

    @Test
    void failsTheEventWhoseEffectIsRefusedAtTheCommit() {
        bus.jdbc().execute("CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        bus.jdbc().execute("INSERT INTO late VALUES (5)");
        bus.subscribe("s", "a", TestSettings.QUICK, event -> {
                    bus.jdbc().update("INSERT INTO late VALUES (?)", Integer.parseInt(event.payload()));
                    return List.of();
                })
                .start();
        publishWhileStopped(12);
        await().atMost(Duration.ofSeconds(20)).until(() -> bus.count("failed") == 1 && bus.count("done") == 11);
        assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM late", Integer.class))
                .isEqualTo(12);
        assertThat(bus.jdbc()
                        .queryForObject("SELECT payload::text FROM event_queue WHERE status = 'failed'", String.class))
                .isEqualTo("5");
    }

    private void publishWhileStopped(int count) {
        bus.stop();
        List<OutgoingEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(OutgoingEvent.of("a", i));
        }
        bus.publisher().publishAll(events);
        bus.start();
    }

    private void effect(RawEvent event) {
        bus.jdbc().update("INSERT INTO effect VALUES (?)", event.payload());
    }

    private List<String> effects() {
        return bus.jdbc().queryForList("SELECT payload FROM effect", String.class);
    }

    private static EventHandler<RawEvent> batch(java.util.function.Consumer<List<RawEvent>> body) {
        return new EventHandler<>() {
            @Override
            public RawEvent convert(RawEvent event) {
                return event;
            }

            @Override
            public List<OutgoingEvent> handle(List<RawEvent> events) {
                body.accept(events);
                return List.of();
            }

            @Override
            public boolean isBatch() {
                return true;
            }

            @Override
            public @Nullable Set<String> knownTypes() {
                return null;
            }
        };
    }
}
