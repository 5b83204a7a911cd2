package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
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
        registration.refresh(NEW, List.of(plain("b", "c.#")));
        assertThat(topics()).containsExactly("a", "b", "c.#");
        stop(OLD);
        registration.refresh(NEW, List.of(plain("b", "c.#")));
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
            assertThat(executor.submit(() -> registration.refresh(NEW, List.of(plain("b")))))
                    .succeedsWithin(Duration.ofSeconds(20));
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
        registration.refresh(OLD, List.of(plain("a")));
        assertThat(isOrdered()).isFalse();
    }

    @Test
    void whatSomebodyHasTakenAwayComesBack() {
        start(NEW, plain("a", "b"));
        bus.jdbc().update("UPDATE event_subscription SET topics = '{a}'");
        bus.jdbc().update("DELETE FROM event_node_topic");
        registration.refresh(NEW, List.of(plain("a", "b")));
        assertThat(topics()).containsExactly("a", "b");
        assertThat(declared()).isEqualTo(2);
    }

    @Test
    void anInstanceWhoseRowIsGoneKeepsItsTopics() {
        start(NEW, plain("a", "b"));
        stop(NEW);
        registration.refresh(NEW, List.of(plain("a", "b")));
        assertThat(topics()).containsExactly("a", "b");
        assertThat(declared()).isZero();
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        start(NEW, plain("a", "b"));
        List<String> before = versions();
        registration.refresh(NEW, List.of(plain("a", "b")));
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void whatACrashedInstanceHasDeclaredIsForgottenAndItsTraceIsNot() throws SQLException {
        start(OLD, plain("a", "b"), true);
        try (Connection proof = bus.pool().getConnection()) {
            JdbcTemplate session = new JdbcTemplate(new SingleConnectionDataSource(proof, true));
            session.execute("SELECT pg_advisory_lock_shared('event_node'::regclass::oid::integer, " + OLD + ")");
            refreshNew(3);
            assertThat(topics()).containsExactly("a", "b");
            session.execute("SELECT pg_advisory_unlock_all()");
        }
        refreshNew(1);
        assertThat(topics()).containsExactly("a", "b");
        refreshNew(1);
        assertThat(topics()).containsExactly("b");
        assertThat(bus.jdbc().queryForObject("SELECT count(*) FROM event_node WHERE id = ?", Integer.class, OLD))
                .isEqualTo(1);

        registration.refresh(OLD, List.of(plain("a", "b")));
        assertThat(topics()).containsExactly("a", "b");
    }

    @Test
    void anInstanceThatCannotProveThatItIsAliveKeepsItsTopics() {
        start(OLD, plain("a", "b"), false);
        refreshNew(3);
        assertThat(topics()).containsExactly("a", "b");
    }

    private void refreshNew(int times) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_node (id, name, listens) VALUES (?, 'new', false) ON CONFLICT DO NOTHING",
                        NEW);
        for (int i = 0; i < times; i++) {
            registration.refresh(NEW, List.of(plain("b")));
        }
    }

    private void start(int node, Subscription subscription) {
        start(node, subscription, false);
    }

    private void start(int node, Subscription subscription, boolean listens) {
        bus.jdbc().update("INSERT INTO event_node (id, name, listens) VALUES (?, 'node', ?)", node, listens);
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
