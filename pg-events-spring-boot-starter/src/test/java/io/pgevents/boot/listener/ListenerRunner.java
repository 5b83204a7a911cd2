package io.pgevents.boot.listener;

import io.pgevents.EventMetadata;
import io.pgevents.OutgoingEvent;
import io.pgevents.PgEventsStartException;
import io.pgevents.Priority;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import io.pgevents.subscription.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Contexts that bind annotated methods, without a bus. */
final class ListenerRunner {

    private ListenerRunner() {}

    static ApplicationContextRunner with(Class<?>... configurations) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class))
                .withUserConfiguration(Binding.class)
                .withUserConfiguration(configurations);
    }

    static List<Subscription> bind(Class<?>... configurations) {
        List<Subscription> bound = new ArrayList<>();
        with(configurations).run(context -> bound.addAll(subscriptions(context)));
        return bound;
    }

    static void failure(Consumer<PgEventsStartException> check, Class<?>... configurations) {
        with(configurations).run(context -> failure(context, check));
    }

    static void failure(AssertableApplicationContext context, Consumer<PgEventsStartException> check) {
        Throwable failure = context.getStartupFailure();
        while (failure != null && !(failure instanceof PgEventsStartException)) {
            failure = failure.getCause();
        }
        Assertions.assertThat(failure).as("start exception").isNotNull();
        check.accept((PgEventsStartException) failure);
    }

    static List<Subscription> subscriptions(AssertableApplicationContext context) {
        return context.getBean(AnnotatedSubscriptions.class).all();
    }

    static Subscription subscription(AssertableApplicationContext context, String name) {
        return subscriptions(context).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    static List<OutgoingEvent> handle(Subscription subscription, RawEvent... events) throws Exception {
        EventHandler<Object> handler = (EventHandler<Object>) subscription.handler();
        List<Object> converted = new ArrayList<>();
        for (RawEvent event : events) {
            converted.add(handler.convert(event));
        }
        return handler.handle(converted);
    }

    static RawEvent event(@Nullable String type, String json) {
        return new RawEvent(
                new EventMetadata(
                        7,
                        new UUID(0, 7),
                        "some.topic",
                        "some-subscription",
                        type,
                        null,
                        Map.of("header", "value"),
                        Priority.NORMAL,
                        1,
                        10,
                        Instant.EPOCH,
                        Instant.EPOCH),
                json);
    }

    @Configuration(proxyBeanMethods = false)
    static class Binding {
        @Bean
        AnnotatedSubscriptions annotatedSubscriptions(ConfigurableListableBeanFactory beans, Environment environment) {
            return new AnnotatedSubscriptions(beans, new Jackson2EventCodec(), SubscriptionOptions.NONE, environment);
        }

        @Bean
        AnnotatedBroadcasts annotatedBroadcasts(ConfigurableListableBeanFactory beans) {
            return new AnnotatedBroadcasts(beans, new Jackson2EventCodec());
        }
    }
}
