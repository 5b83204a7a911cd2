package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An older instance leaves types it does not know to newer ones. */
class KnownTypesIntegrationTests {

    static List<SubscriptionSettings> settings() {
        return List.of(TestSettings.QUICK, TestSettings.leased(), TestSettings.order(Order.KEY_SKIP_FAILED));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void leavesUnknownTypesToANewerInstanceWithoutAnAttempt(SubscriptionSettings how) {
        String url = TestPostgres.newDatabaseUrl();
        Recorder old = new Recorder();
        Recorder young = new Recorder();
        try (TestBus older = new TestBus(url)
                .subscribe("s", "a", how, new Typed(old, Set.of("One")))
                .start()) {
            for (int i = 0; i < 30; i++) {
                String type = List.of("One", "Two", "").get(i % 3);
                older.publisher()
                        .publish(OutgoingEvent.of("a", i)
                                .withType(type.isEmpty() ? null : type)
                                .withKey("k" + i));
            }
            await().until(() -> older.count("done") == 20);
            assertThat(older.jdbc()
                            .queryForList(
                                    "SELECT DISTINCT type || attempt_count || status FROM event_queue"
                                            + " WHERE status <> 'done'",
                                    String.class))
                    .containsExactly("Two0pending");
            assertThat(old.events())
                    .extracting(event -> event.metadata().type())
                    .containsOnly("One", null);
            try (TestBus newer = new TestBus(url)
                    .subscribe("s", "a", how, new Typed(young, Set.of("One", "Two")))
                    .start()) {
                await().until(() -> newer.count("done") == 30);
                assertThat(young.events())
                        .extracting(event -> event.metadata().type())
                        .containsOnly("Two");
                assertThat(young.events())
                        .extracting(event -> event.metadata().attempt())
                        .containsOnly(1);
            }
        }
    }

    private record Typed(Recorder recorder, Set<String> types) implements EventHandler<RawEvent> {

        @Override
        public RawEvent convert(RawEvent event) {
            return event;
        }

        @Override
        public List<OutgoingEvent> handle(List<RawEvent> events) {
            return recorder.handle(events.get(0));
        }

        @Override
        public boolean isBatch() {
            return false;
        }

        @Override
        public @Nullable Set<String> knownTypes() {
            return types;
        }
    }
}
