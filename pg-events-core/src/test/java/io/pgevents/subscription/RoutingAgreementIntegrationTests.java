package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Java and the server read a pattern alike. */
class RoutingAgreementIntegrationTests {

    private static final List<String> WORDS = List.of("a", "b", "ab", "Ab", "ä", "1", "a-b", "a_b", "注文", "x");
    private static final List<String> PATTERN_WORDS = List.of("*", "#", "a", "b", "ab", "ä", "a-b", "#", "*", "注文");

    @ParameterizedTest
    @ValueSource(longs = {1, 2026, 77_777})
    void routesToThoseWhosePatternMatches(long seed) {
        Random random = new Random(seed);
        List<String> patterns = distinct(random, PATTERN_WORDS, 60);
        List<String> topics = distinct(random, WORDS, 300);
        try (TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())) {
            new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema())
                    .register(patterns.stream()
                            .map(RoutingAgreementIntegrationTests::subscription)
                            .toList());
            int matches = 0;
            for (String topic : topics) {
                Set<String> expected = patterns.stream()
                        .filter(pattern -> new TopicPattern(pattern).matches(topic))
                        .collect(Collectors.toCollection(TreeSet::new));
                assertThat(new TreeSet<>(bus.jdbc()
                                .queryForList("SELECT subscription FROM event_routes(?)", String.class, topic)))
                        .as(topic)
                        .isEqualTo(expected);
                matches += expected.size();
            }
            assertThat(matches).isBetween(500, patterns.size() * topics.size() - 500);
        }
    }

    @Test
    void routesOnceWhatSeveralTopicsOfASubscriptionMatch() {
        List<TopicPattern> topics =
                Stream.of("a.*", "a.#", "a.b", "c").map(TopicPattern::new).toList();
        try (TestBus bus = new TestBus(TestPostgres.newDatabaseUrl())) {
            new SubscriptionRegistration(bus.pool(), new JdbcTransactionManager(bus.pool()), bus.schema())
                    .register(List.of(new Subscription("s", topics, NoHandler.INSTANCE, SubscriptionSettings.DEFAULT)));
            assertThat(bus.publisher().publish("a.b", 1).deliveries()).isEqualTo(1);
            assertThat(bus.publisher().publish("a.b.c", 1).deliveries()).isEqualTo(1);
            assertThat(bus.publisher().publish("c", 1).deliveries()).isEqualTo(1);
            assertThat(bus.publisher().publish("c.a", 1).deliveries()).isZero();
        }
    }

    private static List<String> distinct(Random random, List<String> words, int count) {
        Set<String> all = new HashSet<>();
        while (all.size() < count) {
            all.add(IntStream.rangeClosed(0, random.nextInt(4))
                    .mapToObj(i -> words.get(random.nextInt(words.size())))
                    .collect(Collectors.joining(".")));
        }
        return List.copyOf(all);
    }

    private static Subscription subscription(String pattern) {
        return new Subscription(
                pattern, List.of(new TopicPattern(pattern)), NoHandler.INSTANCE, SubscriptionSettings.DEFAULT);
    }
}
