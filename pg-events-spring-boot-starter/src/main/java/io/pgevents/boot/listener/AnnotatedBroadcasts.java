package io.pgevents.boot.listener;

import io.pgevents.PgSubscribe;
import io.pgevents.capture.PgChanges;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.BroadcastSubscription.DeclaredBroadcasts;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The broadcast subscriptions of all bean methods annotated with {@link PgSubscribe} or {@link PgChanges} that say so.
 * They are bound after all singletons are there; a mistake in one of them is a {@link io.pgevents.PgEventsStartException}, and the
 * application does not start.
 */
public final class AnnotatedBroadcasts implements DeclaredBroadcasts, SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;
    private @Nullable List<BroadcastSubscription> subscriptions;

    /**
     * The broadcast subscriptions of a context.
     *
     * @param beans where the handlers are
     * @param codec reads payloads
     */
    public AnnotatedBroadcasts(ConfigurableListableBeanFactory beans, EventCodec codec) {
        this.beans = beans;
        this.codec = codec;
    }

    @Override
    public void afterSingletonsInstantiated() {
        all();
    }

    @Override
    public synchronized List<BroadcastSubscription> all() {
        List<BroadcastSubscription> bound = subscriptions;
        if (bound == null) {
            BroadcastBinder binder = new BroadcastBinder(beans, codec);
            ChangesBinder changes = new ChangesBinder(beans, codec);
            Stream<BroadcastSubscription> events = new AnnotatedMethods(beans, PgSubscribe.class)
                    .find()
                    .filter(place -> place.annotation(PgSubscribe.class).broadcast())
                    .map(binder::bind);
            Stream<BroadcastSubscription> ofTables = new AnnotatedMethods(beans, PgChanges.class)
                    .find()
                    .filter(place -> place.annotation(PgChanges.class).broadcast())
                    .map(place -> changes.bindLive(place, binder));
            bound = Stream.concat(events, ofTables).toList();
            subscriptions = bound;
        }
        return bound;
    }
}
