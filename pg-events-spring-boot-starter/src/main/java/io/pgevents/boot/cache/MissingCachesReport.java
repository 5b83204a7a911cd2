package io.pgevents.boot.cache;

import io.pgevents.boot.listener.AnnotatedMethods;
import io.pgevents.boot.listener.MethodPlace;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Warns of annotations that do nothing, because there is no cache manager. */
final class MissingCachesReport implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(MissingCachesReport.class);

    private final ConfigurableListableBeanFactory beans;

    MissingCachesReport(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> unused = Stream.of(PgCacheEvict.class, PgCacheEvict.All.class, PgCachePut.class)
                .flatMap(each -> new AnnotatedMethods(beans, each).find())
                .map(MethodPlace::describe)
                .distinct()
                .toList();
        if (!unused.isEmpty()) {
            log.warn(
                    "Caches do not follow their tables, because there is no CacheManager: add @EnableCaching. These"
                            + " @PgCacheEvict and @PgCachePut methods do nothing: {}",
                    unused);
        }
    }
}
