package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.PgEventsStartException;
import io.pgevents.admin.Subscriptions;
import io.pgevents.subscription.SubscriptionRegistration.Adopted;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What a start writes into the registry, and whom it waits for. */
@ExtendWith(LogCapture.class)
class RegistrationIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final SubscriptionRegistration registration =
            new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema());
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        executor.shutdownNow();
        bus.close();
    }

    @Test
    void writesNamesAndRoutes() {
        register(plain("one", "a", "b.*"), plain("two", "#"));
        assertThat(routes()).containsExactly("one: a", "one: b.*", "two: #");
        assertThat(bus.jdbc().queryForList("SELECT topic_regex FROM event_subscription ORDER BY name", String.class))
                .containsExactly("^\\.b\\.[^.]+$", "^(\\.[^.]+)*$");
    }

    @Test
    void followsChangedTopicsAndLeavesOthersAlone() {
        register(plain("one", "a", "b"), plain("other", "a"));
        register(plain("one", "b", "c.#"));
        assertThat(routes()).containsExactly("one: b", "one: c.#", "other: a");
        assertThat(bus.publisher().publish("a", 1).deliveries()).isEqualTo(1);
        assertThat(bus.publisher().publish("c.x", 1).deliveries()).isEqualTo(1);
    }

    @Test
    void refusesTwoOfOneName() {
        assertThatThrownBy(() -> register(plain("one", "a"), plain("one", "b")))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("\"one\"")
                .extracting(ex -> ((PgEventsStartException) ex).action())
                .isEqualTo("Give each @PgSubscribe method a subscription name of its own.");
        assertThat(routes()).isEmpty();
    }

    @Test
    void waitsForNobodyWhenNothingChanges() throws Exception {
        register(plain("one", "a"));
        Future<?> second = bus.transaction().execute(status -> {
            bus.publisher().publish("a", 1);
            Future<?> start = executor.submit(() -> register(plain("one", "a")));
            await().atMost(20, TimeUnit.SECONDS).until(start::isDone);
            return start;
        });
        assertThat(second).isNotNull();
        second.get();
        assertThat(LogCapture.warnings()).isEmpty();
    }

    @Test
    void waitsForAnOpenPublisherBeforeANewRouteHolds() throws Exception {
        register(plain("one", "a"));
        Future<?> second = bus.transaction().execute(status -> {
            bus.publisher().publish("a", 1);
            Future<?> start = executor.submit(() -> register(plain("one", "a"), plain("two", "a")));
            await().until(this::someoneWaitsForTheRoutes);
            assertThat(start.isDone()).isFalse();
            return start;
        });
        assertThat(second).isNotNull();
        second.get(20, TimeUnit.SECONDS);
        assertThat(routes()).containsExactly("one: a", "two: a");
        assertThat(LogCapture.warnings()).isEmpty();
    }

    @Test
    void goesOnWithAWarningBesideAPublisherThatStaysOpen() throws Exception {
        register(plain("one", "a"));
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("a", 1);
            Future<?> start = executor.submit(() -> register(plain("one", "a"), plain("two", "a")));
            assertThat(start).succeedsWithin(Duration.ofSeconds(20));
            assertThat(LogCapture.warnings())
                    .singleElement()
                    .satisfies(text -> assertThat(text).contains("[two]").contains("do not reach"));
        });
        assertThat(routes()).containsExactly("one: a", "two: a");
        assertThat(bus.publisher().publish("a", 2).deliveries()).isEqualTo(2);
    }

    @Test
    void publishersGoOnWhileARegistrationWaits() throws Exception {
        register(plain("one", "a"));
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("a", 1);
            Future<?> start = executor.submit(() -> register(plain("two", "a")));
            await().until(this::someoneWaitsForTheRoutes);
            int published = 0;
            while (!start.isDone()) {
                assertThat(executor.submit(() -> bus.publisher().publish("a", 2)))
                        .succeedsWithin(Duration.ofSeconds(20));
                published += start.isDone() ? 0 : 1;
            }
            assertThat(start).succeedsWithin(Duration.ZERO);
            // One may have been let in by the end of the registration.
            assertThat(published).isGreaterThan(1);
        });
    }

    private boolean someoneWaitsForTheRoutes() {
        return bus.jdbc()
                .queryForObject(
                        "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'event_subscription'::regclass",
                        Boolean.class);
    }

    @Test
    void leavesTheEventsOfASubscriptionThatBecomesOrderedAsTheyAre() {
        register(plain("one", "a"), plain("other", "a"));
        bus.publisher()
                .publishAll(List.of(
                        OutgoingEvent.of("a", 1), OutgoingEvent.of("a", 2).withKey("k")));
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, status, finished_at)"
                        + " VALUES ('a', '3', 'one', 'done', now())");
        register(ordered("one", "a"), plain("other", "a"));
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT concat_ws(' ', subscription, payload, coalesce(quote_literal(ordering_key), 'null'))"
                                        + " FROM event_queue ORDER BY subscription, id",
                                String.class))
                .containsExactly("one 1 null", "one 2 'k'", "one 3 null", "other 1 null", "other 2 'k'");
        bus.publisher().publish("a", 4);
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT ordering_key FROM event_queue WHERE payload = '4' ORDER BY subscription",
                                String.class))
                .containsExactly("", null);
    }

    @Test
    void saysHowManyAttemptsItsEventsHave() {
        register(plain("one", "a"), plain("two", "a"));
        assertThat(attempts()).containsExactly("one 10", "two 10");
        register(new Subscription("one", patterns("a"), NoHandler.INSTANCE, TestSettings.QUICK));
        assertThat(attempts()).containsExactly("one 3", "two 10");
    }

    private List<String> attempts() {
        return bus.jdbc()
                .queryForList("SELECT name || ' ' || max_attempts FROM event_subscription ORDER BY name", String.class);
    }

    @Test
    void letsAllNewSubscriptionsAdoptWhatHasWaited() {
        bus.publisher().publish("a.x", 1);
        bus.publisher().publish("b", 2);
        bus.jdbc()
                .update(
                        "INSERT INTO event_queue (topic, payload, status, finished_at) VALUES ('a.x', '4', 'done', now())");
        bus.publisher().publish(OutgoingEvent.of("a.y", 3).withKey("k").withHeader("h", "v"));
        List<Subscription> all =
                List.of(plain("one", "a.*"), ordered("two", "#"), plain("three", "a.x"), plain("no", "c"));
        registration.register(all);
        assertThat(registration.adoptWaiting(all)).isEqualTo(new Adopted(3, false));
        assertThat(registration.adoptWaiting(all)).isEqualTo(new Adopted(0, false));
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT concat_ws(' ', topic, subscription, quote_literal(ordering_key), headers->>'h')"
                                        + " FROM event_queue WHERE status = 'pending' ORDER BY topic, subscription",
                                String.class))
                .containsExactly("a.x one", "a.x three", "a.x two ''", "a.y one 'k' v", "a.y two 'k' v", "b two ''");
        assertThat(bus.jdbc()
                        .queryForObject(
                                "SELECT count(DISTINCT (event_id, payload)) FROM event_queue WHERE subscription IS NOT NULL",
                                Integer.class))
                .isEqualTo(3);
    }

    @Test
    void removesASubscriptionWithItsWaitingEventsOnly() {
        register(plain("one", "a"), plain("two", "a"));
        Subscriptions subscriptions = new Subscriptions(bus.pool(), bus.schema());
        bus.jdbc().update("INSERT INTO event_queue (topic, payload) SELECT 'a', '1' FROM generate_series(1, 1500)");
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, subscription, status, finished_at)"
                        + " VALUES ('a', '3', 'one', 'failed', now())");
        assertThat(subscriptions.names()).containsExactly("one", "two");
        assertThat(subscriptions.remove("one")).isEqualTo(1500);
        assertThat(subscriptions.remove("unknown")).isZero();
        assertThat(subscriptions.names()).containsExactly("two");
        assertThat(routes()).containsExactly("two: a");
        assertThat(bus.jdbc()
                        .queryForList(
                                "SELECT subscription || ' ' || status || ' ' || count(*) FROM event_queue GROUP BY subscription, status"
                                        + " ORDER BY subscription",
                                String.class))
                .containsExactly("one failed 1", "two pending 1500");
    }

    private void register(Subscription... subscriptions) {
        registration.register(List.of(subscriptions));
    }

    private static Subscription plain(String name, String... topics) {
        return new Subscription(name, patterns(topics), NoHandler.INSTANCE, SubscriptionSettings.DEFAULT);
    }

    private static Subscription ordered(String name, String... topics) {
        return new Subscription(name, patterns(topics), NoHandler.INSTANCE, TestSettings.order(Order.KEY));
    }

    private static List<TopicPattern> patterns(String... topics) {
        return Stream.of(topics).map(TopicPattern::new).toList();
    }

    private List<String> routes() {
        return bus.jdbc()
                .queryForList(
                        "SELECT name || ': ' || topic FROM event_subscription, unnest(topics) AS topic ORDER BY 1",
                        String.class);
    }
}
