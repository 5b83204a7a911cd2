package io.pgevents.sample.profile;

import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A cache in memory. It has at most one entry for each profile. */
@Configuration(proxyBeanMethods = false)
@EnableCaching
class ProfileConfiguration {

    @Bean
    CacheManager cacheManager() {
        return new ConcurrentMapCacheManager(ProfileCounters.CACHE);
    }
}
