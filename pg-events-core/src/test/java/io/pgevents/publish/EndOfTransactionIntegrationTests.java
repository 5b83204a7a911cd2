package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.channel.ChannelSender;
import io.pgevents.channel.Channels;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.LiveLog;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What callbacks do that are told of the end of a transaction, while its connection is still there. */
@Timeout(60)
class EndOfTransactionIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate outside = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final List<TestBus> buses = new ArrayList<>();

    /** When the callback is called. */
    enum Phase {
        AFTER_COMMIT,
        AFTER_COMPLETION,
        AFTER_ROLLBACK;

        TransactionSynchronization callback(Runnable action) {
            boolean commit = this == AFTER_COMMIT;
            return new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    if (commit) {
                        action.run();
                    }
                }

                @Override
                public void afterCompletion(int status) {
                    if (!commit) {
                        action.run();
                    }
                }
            };
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(Phase.values())
                .flatMap(phase -> Stream.of(Arguments.of(phase, true), Arguments.of(phase, false)));
    }

    @AfterEach
    void close() {
        buses.forEach(TestBus::close);
    }

    private TestBus bus(boolean autoCommit) {
        TestBus bus = autoCommit ? new TestBus(url) : TestBus.withoutAutoCommit(url, LiveLog.Settings.DEFAULT);
        buses.add(bus);
        return bus;
    }

    private static void endTransaction(TestBus bus, Phase phase, Runnable inTransaction, Runnable atItsEnd) {
        bus.transaction().executeWithoutResult(status -> {
            // Registered before all of ours.
            TransactionSynchronizationManager.registerSynchronization(phase.callback(atItsEnd));
            inTransaction.run();
            if (phase == Phase.AFTER_ROLLBACK) {
                status.setRollbackOnly();
            }
        });
    }

    private long events() {
        Long count = outside.queryForObject("SELECT count(*) FROM event_queue", Long.class);
        return count == null ? -1 : count;
    }

    /** The number of events that others see when the consumers of this process are told. */
    private Queue<Long> seenWhenTold(TestBus bus) {
        Queue<Long> seen = new ConcurrentLinkedQueue<>();
        outside.update("INSERT INTO event_subscription (name, topics) VALUES ('s', '{a}')");
        bus.publisher().setListener((subscription, dueIn) -> seen.add(events()));
        return seen;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheyPublishIsCommittedAndThenTold(Phase phase, boolean autoCommit) {
        TestBus bus = bus(autoCommit);
        Queue<Long> seen = seenWhenTold(bus);
        endTransaction(bus, phase, () -> {}, () -> bus.publisher().publish("a", 1));
        assertThat(seen).containsExactly(1L);
        assertThat(events()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheTransactionItselfHasPublishedIsToldBefore(Phase phase, boolean autoCommit) {
        TestBus bus = bus(autoCommit);
        Queue<Long> seen = seenWhenTold(bus);
        endTransaction(
                bus,
                phase,
                () -> bus.publisher().publish("a", 1),
                () -> bus.publisher().publish("a", 2));
        if (phase == Phase.AFTER_ROLLBACK) {
            assertThat(seen).containsExactly(1L);
        } else {
            assertThat(seen).containsExactly(1L, 2L);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatNobodyHasSubscribedToIsCommittedAsWell(Phase phase, boolean autoCommit) {
        TestBus bus = bus(autoCommit);
        endTransaction(bus, phase, () -> {}, () -> bus.publisher().publish("nobody", 1));
        assertThat(events()).isEqualTo(1);
    }

    /** As a repository does, whose methods are transactional. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatTheyPublishAfterSomebodyHasJoinedTheTransactionThatIsOverIsCommittedToo(Phase phase, boolean autoCommit) {
        TestBus bus = bus(autoCommit);
        Queue<Long> seen = seenWhenTold(bus);
        endTransaction(bus, phase, () -> {}, () -> {
            bus.transaction().executeWithoutResult(joined -> bus.jdbc().queryForList("SELECT 1"));
            bus.publisher().publish("a", 1);
        });
        assertThat(seen).containsExactly(1L);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheyBroadcastIsToldInItsOrder(Phase phase, boolean autoCommit) {
        TestBus bus = bus(autoCommit);
        LiveRecorder live = new LiveRecorder();
        bus.broadcastTo("live", "t", live).start();
        endTransaction(bus, phase, () -> bus.publisher().broadcast("t", 1), () -> {
            bus.publisher().broadcast("t", 2);
            bus.publisher().broadcast("t", 3);
        });
        bus.publisher().broadcast("t", 4);
        if (phase == Phase.AFTER_ROLLBACK) {
            live.await(3);
            assertThat(live.payloads()).containsExactly("2", "3", "4");
        } else {
            live.await(4);
            assertThat(live.payloads()).containsExactly("1", "2", "3", "4");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheyBroadcastFirstIsNotLost(Phase phase, boolean autoCommit) {
        TestBus bus = bus(autoCommit);
        endTransaction(bus, phase, () -> {}, () -> bus.publisher().broadcast("t", 1));
        assertThat(bus.publisher().awaitBroadcasts(Duration.ofSeconds(30))).isTrue();
        assertThat(outside.queryForObject("SELECT count(*) FROM event_log", Long.class))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheySendToAChannelIsHeard(Phase phase, boolean autoCommit) throws InterruptedException {
        TestBus bus = bus(autoCommit).start();
        ChannelSender sender = new ChannelSender(bus.pool(), bus.schema(), new Jackson2EventCodec());
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (Channels.Registration registration =
                bus.channels().listen("c", notification -> heard.add(notification.payload()))) {
            assertThat(registration.awaitListening(Duration.ofSeconds(30))).isTrue();
            endTransaction(bus, phase, () -> {}, () -> sender.send("c", "hello"));
            await().until(() -> heard.contains("hello"));
        }
    }
}
