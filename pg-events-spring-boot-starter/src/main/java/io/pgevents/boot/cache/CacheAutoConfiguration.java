package io.pgevents.boot.cache;

import io.pgevents.capture.RowCaptures;
import io.pgevents.codec.EventCodec;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;

/** Configures caches that follow tables, where there is a cache manager. */
@AutoConfiguration(
        afterName = {
            "io.pgevents.boot.autoconfigure.PgEventsAutoConfiguration",
            "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration",
            "org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration"
        })
@ConditionalOnBean({RowCaptures.class, CacheManager.class})
public final class CacheAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    static GuardedCaches guardedCaches() {
        return new GuardedCaches();
    }

    @Bean
    @ConditionalOnMissingBean
    AnnotatedCaches annotatedCaches(
            ConfigurableListableBeanFactory beans, EventCodec codec, GuardedCaches caches, RowCaptures captures) {
        return new AnnotatedCaches(beans, new CacheBinder(beans, codec), caches, captures);
    }
}
