package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTests {

    private static final List<TopicPattern> TOPICS = List.of(new TopicPattern("a"));

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "tab\t", "del\u007f", "nul\0"})
    void refuseNamesThatNobodyCanType(String name) {
        assertThatThrownBy(() -> subscription(name, TOPICS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 100 characters and no spaces");
    }

    @Test
    void limitNamesToAHundredCharacters() {
        assertThatCode(() -> subscription("ä".repeat(100), TOPICS)).doesNotThrowAnyException();
        assertThatThrownBy(() -> subscription("x".repeat(101), TOPICS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refuseASubscriptionWithoutATopic() {
        assertThatThrownBy(() -> subscription("s", List.of())).hasMessageContaining("\"s\" has no topic");
    }

    @Test
    void limitTheNumbersOfASubscription() {
        assertThatCode(() -> settings(1000, 1000, 1000, 1)).doesNotThrowAnyException();
        assertThatCode(() -> settings(1, 1, 1000, null)).doesNotThrowAnyException();
        assertThatThrownBy(() -> settings(0, 1, 1000, null)).hasMessageContaining("concurrency");
        assertThatThrownBy(() -> settings(1001, 1, 1000, null)).hasMessageContaining("concurrency");
        assertThatThrownBy(() -> settings(1, 0, 1000, null)).hasMessageContaining("batchSize");
        assertThatThrownBy(() -> settings(1, 1001, 1000, null)).hasMessageContaining("batchSize");
        assertThatThrownBy(() -> settings(1, 1, 999, null)).hasMessageContaining("lease");
        assertThatThrownBy(() -> settings(1, 1, 1000, 0)).hasMessageContaining("timeout");
    }

    @Test
    void limitTheNumbersOfPublishing() {
        assertThatThrownBy(() -> new PublishSettings(0, Duration.ofDays(1))).hasMessageContaining("at least 1 byte");
        assertThatThrownBy(() -> new PublishSettings(1, Duration.ZERO)).hasMessageContaining("positive");
    }

    private static void subscription(String name, List<TopicPattern> topics) {
        Subscription made = new Subscription(name, topics, NoHandler.INSTANCE, SubscriptionSettings.DEFAULT);
        assertThatCode(made::toString).doesNotThrowAnyException();
    }

    private static void settings(int concurrency, int batchSize, int leaseMillis, @Nullable Integer timeoutMillis) {
        SubscriptionSettings made = new SubscriptionSettings(
                Mode.LEASED,
                Order.NONE,
                concurrency,
                batchSize,
                Duration.ofMillis(leaseMillis),
                timeoutMillis == null ? null : Duration.ofMillis(timeoutMillis),
                RetryPolicy.DEFAULT);
        assertThatCode(made::toString).doesNotThrowAnyException();
    }
}
