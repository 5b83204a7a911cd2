package io.pgevents.boot.listener;

import io.pgevents.PgEventsStartException;
import io.pgevents.PgSubscribe;
import io.pgevents.capture.PgChanges;
import io.pgevents.codec.EventCodec;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.Subscription.DeclaredSubscriptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * The durable subscriptions of all bean methods annotated with {@link PgSubscribe} or {@link PgChanges}. They are bound after all
 * singletons are there; a mistake in one of them is a {@link PgEventsStartException}, and the application does not
 * start.
 */
public final class AnnotatedSubscriptions implements DeclaredSubscriptions, SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;
    private final SubscriptionOptions defaults;
    private final Environment environment;
    private @Nullable List<Subscription> subscriptions;

    /**
     * The subscriptions of a context.
     *
     * @param beans where the handlers are
     * @param codec reads payloads
     * @param defaults for what an annotation does not say
     * @param environment has the overrides of single subscriptions
     */
    public AnnotatedSubscriptions(
            ConfigurableListableBeanFactory beans,
            EventCodec codec,
            SubscriptionOptions defaults,
            Environment environment) {
        this.beans = beans;
        this.codec = codec;
        this.defaults = defaults;
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        all();
    }

    /** Bound when all singletons are there; or here, if this bean was created later because beans are lazy. */
    @Override
    public synchronized List<Subscription> all() {
        List<Subscription> bound = subscriptions;
        if (bound == null) {
            bound = bind();
            subscriptions = bound;
        }
        return bound;
    }

    private List<Subscription> bind() {
        SubscriptionOverrides overrides = new SubscriptionOverrides(environment);
        SubscriptionBinder binder = new SubscriptionBinder(beans, codec, defaults, overrides);
        Map<String, MethodPlace> places = new LinkedHashMap<>();
        List<Subscription> bound = new ArrayList<>();
        BiConsumer<MethodPlace, Subscription> add = (place, subscription) -> {
            checkUnique(subscription.name(), place, places.put(subscription.name(), place));
            bound.add(subscription);
        };
        new AnnotatedMethods(beans, PgSubscribe.class)
                .find()
                .filter(place -> !place.annotation(PgSubscribe.class).broadcast())
                .forEach(place -> add.accept(place, binder.bind(place)));
        ChangesBinder changes = new ChangesBinder(beans, codec);
        new AnnotatedMethods(beans, PgChanges.class)
                .find()
                .filter(place -> !place.annotation(PgChanges.class).broadcast())
                .forEach(place -> add.accept(place, changes.bind(place, binder)));
        overrides.reportUnknown(places.keySet());
        return List.copyOf(bound);
    }

    private static void checkUnique(String name, MethodPlace place, @Nullable MethodPlace other) {
        if (other != null) {
            throw new PgEventsStartException(
                    "Two methods have the subscription \"" + name + "\". " + other.describe() + " is one, "
                            + lowerFirst(place.describe()) + " the other.",
                    "Give one of them another name, which it keeps for good: @PgSubscribe(subscription = \"...\").");
        }
    }

    private static String lowerFirst(String text) {
        return "t" + text.substring(1);
    }
}
