package io.pgevents.boot.cache;

import io.pgevents.capture.RowCaptures;
import io.pgevents.codec.EventCodec;
import io.pgevents.runtime.PgEvents.Infrastructure;
import io.pgevents.schema.EventSchema;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/** Configures caches that follow tables, where there is a cache manager; says so where there is none. */
@AutoConfiguration(
        afterName = {
            "io.pgevents.boot.autoconfigure.PgEventsAutoConfiguration",
            "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration",
            "org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration"
        })
@ConditionalOnBean(RowCaptures.class)
@ImportRuntimeHints({OldReads.Hints.class, TransactionDecorators.Hints.class})
public final class CacheAutoConfiguration {

    @Bean
    @ConditionalOnBean(CacheManager.class)
    @ConditionalOnMissingBean
    static GuardedCaches guardedCaches(ConfigurableListableBeanFactory beans) {
        return new GuardedCaches(beans);
    }

    @Bean
    @ConditionalOnBean(CacheManager.class)
    @ConditionalOnMissingBean
    AnnotatedCaches annotatedCaches(
            ConfigurableListableBeanFactory beans,
            EventCodec codec,
            GuardedCaches caches,
            RowCaptures captures,
            Infrastructure infrastructure,
            EventSchema schema) {
        KeyColumns keyColumns = new KeyColumns(infrastructure.dataSource(), schema);
        CacheBinder binder = new CacheBinder(beans, codec, captures, keyColumns);
        return new AnnotatedCaches(beans, binder, caches, captures, infrastructure.dataSource());
    }

    @Bean
    @ConditionalOnMissingBean(CacheManager.class)
    static MissingCachesReport missingCachesReport(ConfigurableListableBeanFactory beans) {
        return new MissingCachesReport(beans);
    }
}
