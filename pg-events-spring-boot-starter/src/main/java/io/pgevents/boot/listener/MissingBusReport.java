package io.pgevents.boot.listener;

import io.pgevents.PgListen;
import io.pgevents.PgSubscribe;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.capture.PgChanges;
import java.lang.annotation.Annotation;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Warns of annotated methods that nobody calls, because the bus is not there. */
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
