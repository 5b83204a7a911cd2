package io.pgevents.boot.listener;

import io.pgevents.PgSubscribe;
import io.pgevents.Retry;
import io.pgevents.codec.EventCodec;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionSettings;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;

/** Makes a subscription of an annotated method, or says what is wrong with it. */
final class SubscriptionBinder {

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;
    private final SubscriptionOptions defaults;
    private final SubscriptionOverrides overrides;

    SubscriptionBinder(
            ConfigurableListableBeanFactory beans,
            EventCodec codec,
            SubscriptionOptions defaults,
            SubscriptionOverrides overrides) {
        this.beans = beans;
        this.codec = codec;
        this.defaults = defaults;
        this.overrides = overrides;
    }

    Subscription bind(MethodPlace place) {
        return bind(place, place.annotation(PgSubscribe.class), handler(place), SubscriptionOptions.NONE);
    }

    /** With a handler, and with options for what nobody has said. */
    Subscription bind(
            MethodPlace place, PgSubscribe annotation, EventHandler<?> handler, SubscriptionOptions fallback) {
        if (!annotation.onGap().isEmpty()) {
            throw place.error(
                    "names a method for gaps, but a durable subscription has none.",
                    "Leave out onGap, or say broadcast = true if every instance is to get the events live.");
        }
        AnnotationReader reader = new AnnotationReader(place, annotation, new EmbeddedValueResolver(beans));
        String name = reader.subscription();
        SubscriptionOptions options =
                overrides.of(name).orElse(reader.options()).orElse(defaults).orElse(fallback);
        SubscriptionSettings settings = settings(place, name, options, annotation.retry());
        try {
            return new Subscription(name, reader.topics(), handler, settings);
        } catch (IllegalArgumentException ex) {
            throw place.error(
                    "has an invalid subscription name. " + ex.getMessage(),
                    "Give it a name: subscription = \"...\" in its annotation.",
                    ex);
        }
    }

    private EventHandler<?> handler(MethodPlace place) {
        HandlerSignature signature = HandlerSignature.of(place);
        NextSteps.check(place);
        BeanMethod method = new BeanMethod(beans, place);
        method.check();
        return new MethodEventHandler(method, signature, codec);
    }

    private SubscriptionSettings settings(MethodPlace place, String name, SubscriptionOptions options, Retry retry) {
        try {
            return options.toSettings(Set.of(retry.includes()), Set.of(retry.excludes()));
        } catch (IllegalArgumentException ex) {
            throw place.error(
                    "has an invalid setting. " + ex.getMessage() + ".",
                    "Correct the annotation, pg-events.subscriptions." + name
                            + ".* or pg-events.subscription.*, where the" + " value comes from.",
                    ex);
        }
    }
}
