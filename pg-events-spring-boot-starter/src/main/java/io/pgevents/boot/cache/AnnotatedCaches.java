package io.pgevents.boot.cache;

import io.pgevents.boot.listener.AnnotatedMethods;
import io.pgevents.boot.listener.MethodPlace;
import io.pgevents.capture.Capture;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.capture.RowCaptures;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.BroadcastSubscription.DeclaredBroadcasts;
import io.pgevents.subscription.TopicPattern;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The caches that follow tables, as bean methods annotated with {@link PgCacheEvict} and {@link PgCachePut} declare them:
 * each is a broadcast subscription of the changes of its table. They are bound after all singletons are there; a mistake
 * in one of them is a {@link io.pgevents.PgEventsStartException}, and the application does not start. A cache that is away
 * does not keep it from starting: it is cleared before it is read.
 */
public final class AnnotatedCaches implements DeclaredBroadcasts, SmartInitializingSingleton, SmartLifecycle {

    /** After the bus. */
    private static final int PHASE = Integer.MAX_VALUE - 511;

    private final ConfigurableListableBeanFactory beans;
    private final CacheBinder binder;
    private final GuardedCaches caches;
    private final RowCaptures captures;
    private final DataSource dataSource;
    private final List<FollowedCache> followed = new CopyOnWriteArrayList<>();
    private @Nullable List<BroadcastSubscription> subscriptions;
    private volatile boolean running;

    AnnotatedCaches(
            ConfigurableListableBeanFactory beans,
            CacheBinder binder,
            GuardedCaches caches,
            RowCaptures captures,
            DataSource dataSource) {
        this.beans = beans;
        this.binder = binder;
        this.caches = caches;
        this.captures = captures;
        this.dataSource = dataSource;
    }

    @Override
    public void afterSingletonsInstantiated() {
        all();
    }

    /** What was cached while nobody followed the tables may be out of date: by others, or before this start. */
    @Override
    public synchronized void start() {
        if (!running) {
            all();
            followed.forEach(FollowedCache::gap);
            caches.following().begin(defaultIsolation());
            running = true;
        }
    }

    /**
     * The web server may serve for a while yet: from now on nothing is stored, and what was stored a moment ago goes,
     * because this instance does not see its changes any more.
     */
    @Override
    public synchronized void stop() {
        if (running) {
            caches.following().end();
            followed.forEach(FollowedCache::gap);
            running = false;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public synchronized List<BroadcastSubscription> all() {
        List<BroadcastSubscription> bound = subscriptions;
        if (bound == null) {
            bound = Stream.concat(evicting(), putting()).toList();
            caches.allAreFollowed();
            subscriptions = bound;
        }
        return bound;
    }

    private Stream<BroadcastSubscription> evicting() {
        Set<MethodPlace> places = new LinkedHashSet<>();
        new AnnotatedMethods(beans, PgCacheEvict.class).find().forEach(places::add);
        new AnnotatedMethods(beans, PgCacheEvict.All.class).find().forEach(places::add);
        List<BroadcastSubscription> found = new ArrayList<>();
        for (MethodPlace place : places) {
            for (PgCacheEvict annotation : AnnotatedElementUtils.findMergedRepeatableAnnotations(
                    place.method(), PgCacheEvict.class, PgCacheEvict.All.class)) {
                found.addAll(bind(place, binder.evicting(place, annotation)));
            }
        }
        return found.stream();
    }

    private Stream<BroadcastSubscription> putting() {
        return new AnnotatedMethods(beans, PgCachePut.class).find().flatMap(place -> {
            PgCachePut annotation = AnnotatedElementUtils.findMergedAnnotation(place.method(), PgCachePut.class);
            return annotation == null ? Stream.of() : bind(place, binder.putting(place, annotation)).stream();
        });
    }

    private List<BroadcastSubscription> bind(MethodPlace place, CacheBinder.Bound bound) {
        Capture capture = bound.capture();
        List<BroadcastSubscription> made = new ArrayList<>();
        for (String cache : bound.caches()) {
            follow(place, cache);
            FollowedCache handler = bound.handler(() -> caches.named(cache));
            captures.onGap(capture, handler::gap);
            followed.add(handler);
            String name = "the cache " + cache + ", which follows " + capture.qualifiedTable();
            made.add(new BroadcastSubscription(name, List.of(new TopicPattern(capture.topic())), handler));
        }
        return made;
    }

    private void follow(MethodPlace place, String cache) {
        caches.follow(cache);
        if (caches.named(cache).isEmpty()) {
            throw place.error(
                    "names the cache \"" + cache + "\", which no cache manager has.",
                    "Correct the name, or add it to the names of the caches (spring.cache.cache-names).");
        }
    }

    private int defaultIsolation() {
        Integer level =
                new JdbcTemplate(dataSource).execute((ConnectionCallback<Integer>) Connection::getTransactionIsolation);
        return level == null ? Connection.TRANSACTION_READ_COMMITTED : level;
    }
}
