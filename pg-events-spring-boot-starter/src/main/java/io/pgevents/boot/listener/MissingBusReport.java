package io.pgevents.boot.listener;

import io.pgevents.PgListen;
import io.pgevents.PgSubscribe;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.capture.PgChanges;
import io.pgevents.live.LiveFeed;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.relay.RelayStream;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Warns of annotated methods that nobody calls, and of streams that nobody can follow, because the bus is not there. */
public final class MissingBusReport implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(MissingBusReport.class);

    private final ConfigurableListableBeanFactory beans;
    private final String reason;

    /**
     * A report for a context.
     *
     * @param beans where handlers may be
     * @param reason why the bus is not there
     */
    public MissingBusReport(ConfigurableListableBeanFactory beans, String reason) {
        this.beans = beans;
        this.reason = reason;
    }

    @Override
    public void afterSingletonsInstantiated() {
        report(PgSubscribe.class, "No events are delivered");
        report(PgListen.class, "Nobody listens to channels");
        report(PgChanges.class, "No row changes are captured");
        report(PgCacheEvict.class, "Caches do not follow their tables");
        report(PgCacheEvict.All.class, "Caches do not follow their tables");
        report(PgCachePut.class, "Caches do not follow their tables");
        reportStreams();
    }

    /** A context whose parent has the bus may have streams nevertheless. */
    private void reportStreams() {
        List<String> unused = Stream.of(RelayStream.class, RelayAuthorizer.class)
                .flatMap(type -> Stream.of(beans.getBeanNamesForType(type, true, false)))
                .toList();
        boolean live = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, LiveFeed.class).length > 0;
        if (!unused.isEmpty() && !live) {
            log.warn("Nothing is streamed to browsers, because {}. These beans are not used: {}", reason, unused);
        }
    }

    private void report(Class<? extends Annotation> annotation, String consequence) {
        List<String> unused = new AnnotatedMethods(beans, annotation)
                .find()
                .map(MethodPlace::describe)
                .toList();
        if (!unused.isEmpty()) {
            log.warn(
                    "{}, because {}. These @{} methods are not called: {}",
                    consequence,
                    reason,
                    annotation.getSimpleName(),
                    unused);
        }
    }
}
