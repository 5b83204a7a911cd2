package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.PgSubscribe;
import io.pgevents.Retry;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.retry.RetryPolicy;
import io.pgevents.subscription.SubscriptionSettings;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.subscription.TopicPattern;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SubscriptionSettingsTests {

    static class Handlers {
        @PgSubscribe(topic = "a")
        void bare(String text) {}

        @PgSubscribe(
                topic = {"${topics}", "c.*"},
                subscription = "${name}",
                mode = PgSubscribe.LEASED,
                concurrency = "${threads:4}",
                batchSize = "20",
                order = "key-skip-failed",
                lease = "PT1M",
                timeout = "500ms",
                retry =
                        @Retry(
                                maxAttempts = "3",
                                delay = "2s",
                                multiplier = "1.5",
                                maxDelay = "1m",
                                jitter = "0",
                                includes = IOException.class,
                                excludes = IllegalStateException.class))
        void full(String text) {}
    }

    private final ApplicationContextRunner runner = ListenerRunner.with()
            .withBean("handlers", Handlers.class)
            .withPropertyValues("topics=a.placed, b.placed", "name=mail");

    @Test
    void areTheDefaultsOfCoreWhenNothingIsSaid() {
        runner.run(context -> assertThat(
                        ListenerRunner.subscription(context, "handlers.bare").settings())
                .isEqualTo(SubscriptionSettings.DEFAULT));
    }

    @Test
    void areReadFromEveryAttributeWithPlaceholders() {
        runner.run(context -> {
            var subscription = ListenerRunner.subscription(context, "mail");
            assertThat(subscription.topics())
                    .extracting(TopicPattern::text)
                    .containsExactly("a.placed", "b.placed", "c.*");
            SubscriptionSettings settings = subscription.settings();
            assertThat(settings.mode()).isEqualTo(Mode.LEASED);
            assertThat(settings.concurrency()).isEqualTo(4);
            assertThat(settings.batchSize()).isEqualTo(20);
            assertThat(settings.order()).isEqualTo(Order.KEY_SKIP_FAILED);
            assertThat(settings.lease()).isEqualTo(Duration.ofMinutes(1));
            assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(500));
            RetryPolicy retry = settings.retry();
            assertThat(retry.maxAttempts()).isEqualTo(3);
            assertThat(retry.backoff().delay()).isEqualTo(Duration.ofSeconds(2));
            assertThat(retry.backoff().multiplier()).isEqualTo(1.5);
            assertThat(retry.backoff().maxDelay()).isEqualTo(Duration.ofMinutes(1));
            assertThat(retry.backoff().jitter()).isZero();
            assertThat(retry.includes()).containsExactly(IOException.class);
            assertThat(retry.excludes()).containsExactly(IllegalStateException.class);
        });
    }

    @Test
    void areOverriddenBySubscriptionWithADottedName() {
        runner.withPropertyValues(
                        "pg-events.subscriptions.handlers.bare.concurrency=7",
                        "pg-events.subscriptions.handlers.bare.retry.max-attempts=2")
                .run(context -> {
                    SubscriptionSettings settings = ListenerRunner.subscription(context, "handlers.bare")
                            .settings();
                    assertThat(settings.concurrency()).isEqualTo(7);
                    assertThat(settings.retry().maxAttempts()).isEqualTo(2);
                    assertThat(settings.batchSize()).isEqualTo(SubscriptionSettings.DEFAULT.batchSize());
                });
    }

    @Test
    void areOverriddenBySubscriptionWithANameInBrackets() {
        runner.withPropertyValues("pg-events.subscriptions[handlers.bare].order=key")
                .run(context -> assertThat(ListenerRunner.subscription(context, "handlers.bare")
                                .settings()
                                .order())
                        .isEqualTo(Order.KEY));
    }

    @Test
    void goFromOverrideToAnnotationToDefault() {
        SubscriptionOptions defaults = new SubscriptionOptions(null, 11, 12, null, null, Duration.ofSeconds(13), null);
        new ApplicationContextRunner()
                .withBean("handlers", Handlers.class)
                .withPropertyValues("topics=a", "name=mail", "pg-events.subscriptions.mail.concurrency=5")
                .run(context -> {
                    AnnotatedSubscriptions subscriptions = new AnnotatedSubscriptions(
                            context.getSourceApplicationContext().getBeanFactory(),
                            new Jackson2EventCodec(),
                            defaults,
                            context.getEnvironment());
                    subscriptions.afterSingletonsInstantiated();
                    SubscriptionSettings full = settings(subscriptions, "mail");
                    assertThat(full.concurrency()).as("override").isEqualTo(5);
                    assertThat(full.batchSize()).as("annotation").isEqualTo(20);
                    SubscriptionSettings bare = settings(subscriptions, "handlers.bare");
                    assertThat(bare.concurrency())
                            .as("default of the properties")
                            .isEqualTo(11);
                    assertThat(bare.timeout()).isEqualTo(Duration.ofSeconds(13));
                    assertThat(bare.lease()).as("built-in").isEqualTo(SubscriptionSettings.DEFAULT.lease());
                });
    }

    @Test
    void haveNoTimeoutWhenItIsOverriddenWithZero() {
        runner.withPropertyValues("pg-events.subscriptions.mail.timeout=0s")
                .run(context -> assertThat(ListenerRunner.subscription(context, "mail")
                                .settings()
                                .timeout())
                        .isNull());
    }

    @Test
    void moveTheLongestDelayAlongWithALongerFirstDelay() {
        runner.withPropertyValues("pg-events.subscriptions.handlers.bare.retry.delay=2h")
                .run(context -> assertThat(ListenerRunner.subscription(context, "handlers.bare")
                                .settings()
                                .retry()
                                .backoff()
                                .maxDelay())
                        .isEqualTo(Duration.ofHours(2)));
    }

    @Test
    void areReportedWhenTheyBelongToNoSubscription(CapturedOutput output) {
        runner.withPropertyValues(
                        "pg-events.subscriptions.mial.concurrency=5",
                        "pg-events.subscriptions.handlers.bare.concurrency=5")
                .run(context -> assertThat(output)
                        .contains("belong to no subscription of this application:"
                                + " [pg-events.subscriptions.mial.concurrency]. Its subscriptions are"
                                + " [handlers.bare, mail]"));
    }

    @Test
    void areReportedWhenTheyAreNoOptionsOfASubscription(CapturedOutput output) {
        runner.withPropertyValues(
                        "pg-events.subscriptions.mail.concurency=5",
                        "pg-events.subscriptions[handlers.bare].retry.max-atempts=5",
                        "pg-events.subscriptions[handlers.bare].batch-size=5",
                        "pg-events.subscriptions.handlers.bare.retry.maxDelay=5s")
                .run(context -> assertThat(output)
                        .contains("These properties are no options of a subscription:"
                                + " [pg-events.subscriptions.mail.concurency,"
                                + " pg-events.subscriptions[handlers.bare].retry.max-atempts]. Its options are [mode,")
                        .doesNotContain("belong to no subscription"));
    }

    @Test
    void haveTheOptionsThatAreKnown() {
        Stream<String> components = Stream.concat(
                Stream.of(SubscriptionOptions.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .filter(name -> !name.equals("retry")),
                Stream.of(RetryOptions.class.getRecordComponents()).map(each -> "retry." + each.getName()));
        assertThat(components.map(DataObjectPropertyName::toDashedForm))
                .containsExactlyElementsOf(SubscriptionOverrides.OPTIONS);
    }

    private static SubscriptionSettings settings(AnnotatedSubscriptions subscriptions, String name) {
        return subscriptions.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .settings();
    }
}
