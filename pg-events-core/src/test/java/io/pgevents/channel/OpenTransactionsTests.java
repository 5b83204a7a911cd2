package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenTransactionsTests {

    private static final Duration POLL = Duration.ofSeconds(2);

    private final OpenTransactions watch = new OpenTransactions(Set.of("s"), new HashSet<>(Set.of(1L, 2L)));

    @Test
    void seesThatOneOfThemHasEnded() {
        assertThat(watch.isOver(Set.of(2L, 9L), POLL)).isFalse();
        assertThat(watch.hasProgressed()).isTrue();
        assertThat(watch.isOver(Set.of(2L, 10L), POLL)).isFalse();
        assertThat(watch.hasProgressed()).isFalse();
        assertThat(watch.isOver(Set.of(), POLL)).isTrue();
        assertThat(watch.hasProgressed()).isTrue();
    }

    @Test
    void endsWhenItsPauseReachesThePollInterval() {
        int looks = 0;
        while (!watch.isOver(Set.of(1L, 2L), POLL)) {
            looks++;
        }
        assertThat(looks).isBetween(5, 12);
    }

    @Test
    void isDueAfterAMoment() {
        await().atMost(Duration.ofSeconds(20)).until(watch::isDue);
    }
}
