package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Versions that run side by side and declare different topics of one subscription. */
@ExtendWith(LogCapture.class)
class RolloutIntegrationTests {

    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int OLD_AGAIN = 3;

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
    void anOldVersionThatStartsAgainTakesNothingAwayFromTheNewOne() {
        start(OLD, plain("a", "b"));
        start(NEW, plain("b", "c.#"));
        assertThat(topics()).containsExactly("a", "b", "c.#");
        stop(OLD);
        start(OLD_AGAIN, plain("a", "b"));
        assertThat(topics()).containsExactly("a", "b", "c.#");
        assertThat(bus.publisher().publish("c.x", 1).deliveries()).isEqualTo(1);
        assertThat(bus.publisher().publish("b", 1).deliveries()).isEqualTo(1);
    }

    @Test
    void whatOnlyTheOldVersionHadGoesWithItsLastInstance() {
        start(OLD, plain("a", "b"));
        start(NEW, plain("b", "c.#"));
        refresh(NEW, "b", "c.#");
        assertThat(topics()).containsExactly("a", "b", "c.#");
        stop(OLD);
        refresh(NEW, "b", "c.#");
        assertThat(topics()).containsExactly("b", "c.#");
        assertThat(bus.publisher().publish("a", 1).deliveries()).isZero();
    }

    @Test
    void takingATopicAwayWaitsForNoPublisher() {
        start(OLD, plain("a", "b"));
        start(NEW, plain("b"));
        stop(OLD);
        bus.transaction().executeWithoutResult(status -> {
            bus.publisher().publish("b", 1);
            assertThat(executor.submit(() -> refresh(NEW, "b"))).succeedsWithin(Duration.ofSeconds(20));
        });
        assertThat(topics()).containsExactly("b");
        assertThat(LogCapture.warnings()).isEmpty();
    }

    @Test
    void aSubscriptionIsOrderedWhileOneOfItsVersionsIs() {
        Subscription ordered = new Subscription("s", patterns("a"), NoHandler.INSTANCE, TestSettings.order(Order.KEY));
        start(OLD, plain("a"));
        start(NEW, ordered);
        start(OLD_AGAIN, plain("a"));
        assertThat(isOrdered()).isTrue();
        stop(NEW);
        refresh(OLD, "a");
        assertThat(isOrdered()).isFalse();
    }

    @Test
    void whatSomebodyHasTakenAwayComesBack() {
        start(NEW, plain("a", "b"));
        bus.jdbc().update("UPDATE event_subscription SET topics = '{a}'");
        bus.jdbc().update("DELETE FROM event_node_topic");
        refresh(NEW, "a", "b");
        assertThat(topics()).containsExactly("a", "b");
        assertThat(declared()).isEqualTo(2);
    }

    @Test
    void anInstanceWhoseRowIsGoneKeepsItsTopics() {
        start(NEW, plain("a", "b"));
        stop(NEW);
        refresh(NEW, "a", "b");
        assertThat(topics()).containsExactly("a", "b");
        assertThat(declared()).isZero();
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        start(NEW, plain("a", "b"));
        List<String> before = versions();
        refresh(NEW, "a", "b");
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void whoDoesNotAnswerForAnHourIsForgottenAndTheTraceOfItIsNot() {
        start(OLD, plain("a", "b"));
        start(NEW, plain("b"));
        refresh(NEW, "b");
        letTimePass("59 minutes");
        refresh(NEW, "b");
        assertThat(topics()).containsExactly("a", "b");
        letTimePass("2 minutes");
        refresh(NEW, "b");
        assertThat(topics()).containsExactly("b");
        assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM event_node WHERE id = ?", Integer.class, OLD))
                .isEqualTo(1);

        refresh(OLD, "a", "b");
        assertThat(topics()).containsExactly("a", "b");
    }

    @Test
    void whoAnswersStays() {
        start(OLD, plain("a", "b"));
        start(NEW, plain("b"));
        for (int i = 0; i < 3; i++) {
            refresh(NEW, "b");
            letTimePass("59 minutes");
            refresh(OLD, "a", "b");
        }
        assertThat(topics()).containsExactly("a", "b");
    }

    @Test
    void whoDeclaresTheSameIsNotAsked() {
        start(OLD, plain("a", "b"));
        start(NEW, plain("b", "a"));
        List<String> before = versions();
        refresh(NEW, "b", "a");
        assertThat(versions()).isEqualTo(before);
    }

    private void refresh(int node, String... topics) {
        registration.refresh(node, List.of(plain(topics)));
    }

    private void letTimePass(String time) {
        bus.jdbc().update("UPDATE event_node_topic SET asked_at = asked_at - ?::interval", time);
    }

    private void start(int node, Subscription subscription) {
        bus.jdbc().update("INSERT INTO event_node (id, name, listens) VALUES (?, 'node', true)", node);
        registration.register(node, List.of(subscription));
    }

    private void stop(int node) {
        bus.jdbc().update("DELETE FROM event_node WHERE id = ?", node);
    }

    private static Subscription plain(String... topics) {
        return new Subscription("s", patterns(topics), NoHandler.INSTANCE, SubscriptionSettings.DEFAULT);
    }

    private static List<TopicPattern> patterns(String... topics) {
        return Stream.of(topics).map(TopicPattern::new).toList();
    }

    private List<String> topics() {
        return bus.jdbc()
                .queryForList(
                        "SELECT topic FROM event_subscription, unnest(topics) AS topic ORDER BY topic", String.class);
    }

    private boolean isOrdered() {
        return bus.jdbc().queryForObject("SELECT ordered FROM event_subscription", Boolean.class);
    }

    private int declared() {
        return bus.jdbc().queryForObject("SELECT count(*) FROM event_node_topic", Integer.class);
    }

    private List<String> versions() {
        return bus.jdbc()
                .queryForList(
                        "SELECT concat_ws(' ', xmin, xmax, ctid) FROM event_subscription UNION ALL"
                                + " SELECT concat_ws(' ', xmin, xmax, ctid) FROM event_node_topic ORDER BY 1",
                        String.class);
    }
}
