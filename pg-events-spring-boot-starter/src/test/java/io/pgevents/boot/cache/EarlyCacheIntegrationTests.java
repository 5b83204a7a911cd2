package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.support.TestPostgres;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Caches that a bean gets from the cache manager while it is made, and keeps. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class EarlyCacheIntegrationTests {

    private static final String METERS =
            "org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsRegistrarConfiguration";

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final ApplicationContextRunner runner =
            BusRunner.on(url).withUserConfiguration(Caching.class).withPropertyValues("shop.names=names");

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {

        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager("likes", "names", "bios");
        }

        @Bean
        Profiles profiles() {
            return new Profiles();
        }
    }

    static class Profiles {

        @Cacheable("likes")
        @PgCacheEvict(table = "profile", key = "name")
        public String likes(String name) {
            return name + " is liked";
        }

        @PgCachePut(cache = "${shop.names}", table = "profile", key = "name")
        public String name(Row row) {
            return row.name();
        }
    }

    record Row(String name) {}

    /** Is made before the beans that are cached. */
    static class Early {
        private final Cache likes;
        private final Cache names;
        private final Cache bios;
        private final boolean isFirst;

        Early(CacheManager caches, ConfigurableListableBeanFactory beans) {
            likes = Objects.requireNonNull(caches.getCache("likes"));
            names = Objects.requireNonNull(caches.getCache("names"));
            bios = Objects.requireNonNull(caches.getCache("bios"));
            isFirst = !beans.containsSingleton("profiles");
        }
    }

    interface Biographer {
        String bio(String name);
    }

    static class CachingBiographer implements Biographer {

        @Override
        @Cacheable("bios")
        @PgCacheEvict(table = "profile", key = "name")
        public String bio(String name) {
            return "The life of " + name;
        }
    }

    @BeforeEach
    void table() {
        jdbc.execute("CREATE TABLE profile (name text PRIMARY KEY, likes integer NOT NULL)");
        jdbc.execute("INSERT INTO profile VALUES ('ada', 1), ('grace', 1)");
    }

    @Test
    void areGuardedIfTheyFollowATable(CapturedOutput output) {
        runner.withBean(Early.class).run(context -> {
            Early early = context.getBean(Early.class);
            assertThat(early.isFirst).isTrue();
            CacheManager caches = context.getBean(CacheManager.class);
            assertThat(early.likes).isInstanceOf(GuardedCache.class).isSameAs(caches.getCache("likes"));
            assertThat(early.names).isInstanceOf(GuardedCache.class).isSameAs(caches.getCache("names"));
            assertThat(early.bios).isInstanceOf(ConcurrentMapCache.class).isSameAs(caches.getCache("bios"));
        });
        assertThat(output).doesNotContain("before that was known");
    }

    @Test
    void doNotKeepAValueThatWasReadBeforeAChange() {
        runner.withBean(Early.class).run(context -> {
            Cache likes = context.getBean(Early.class).likes;
            assertThat(context.getBean(Profiles.class).likes("grace")).isEqualTo("grace is liked");
            assertThat(likes.get("grace")).isNotNull();
            assertThat(likes.get("ada")).isNull();
            // When the change of grace has arrived, that of ada has arrived before.
            jdbc.update("UPDATE profile SET likes = 2 WHERE name = 'ada'");
            jdbc.update("UPDATE profile SET likes = 2 WHERE name = 'grace'");
            await().until(() -> likes.get("grace") == null);
            likes.put("ada", "read before the change");
            assertThat(likes.get("ada")).isNull();
        });
    }

    @Test
    void areWarnedOfIfNobodyCouldKnowThatTheyFollowATable(CapturedOutput output) {
        runner.withBean(Early.class)
                .withBean(Biographer.class, CachingBiographer::new)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(CacheManager.class).getCache("bios"))
                            .isInstanceOf(GuardedCache.class);
                    assertThat(output)
                            .contains("The cache bios follows a table, but somebody got it from the cache manager"
                                    + " before that was known");
                });
    }

    @Test
    void areThemselvesForTheMetersOfBoot(CapturedOutput output) {
        runner.withBean(METERS, Early.class)
                .withBean(Biographer.class, CachingBiographer::new)
                .run(context -> {
                    Early meters = context.getBean(METERS, Early.class);
                    assertThat(meters.likes).isInstanceOf(ConcurrentMapCache.class);
                    assertThat(meters.bios).isInstanceOf(ConcurrentMapCache.class);
                    assertThat(context.getBean(CacheManager.class).getCache("likes"))
                            .isInstanceOf(GuardedCache.class);
                });
        assertThat(output).doesNotContain("before that was known");
    }
}
