package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.support.TestPostgres;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Caches of real contexts, whose tables are changed by plain SQL. */
@Timeout(300)
class CacheIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final ApplicationContextRunner runner = BusRunner.on(url).withUserConfiguration(Caching.class);

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {

        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager("likes", "prices", "all", "names");
        }

        @Bean
        Probe probe() {
            return new Probe();
        }

        @Bean
        Profiles profiles(JdbcTemplate jdbc, Probe probe) {
            return new Profiles(jdbc, probe);
        }
    }

    /** Counts reads, and may hold one up between reading and returning. */
    static final class Probe {
        final AtomicInteger reads = new AtomicInteger();
        final CountDownLatch read = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        volatile @Nullable String heldUp;

        private void holdUp(String name) throws InterruptedException {
            if (name.equals(heldUp)) {
                heldUp = null;
                read.countDown();
                if (!goOn.await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Nobody let it go on");
                }
            }
        }
    }

    static class Profiles {
        private final JdbcTemplate jdbc;
        private final Probe probe;

        Profiles(JdbcTemplate jdbc, Probe probe) {
            this.jdbc = jdbc;
            this.probe = probe;
        }

        @Cacheable("likes")
        @PgCacheEvict(table = "profile", key = "name")
        public Integer likes(String name) throws InterruptedException {
            probe.reads.incrementAndGet();
            Integer likes = jdbc.queryForObject("SELECT likes FROM profile WHERE name = ?", Integer.class, name);
            probe.holdUp(name);
            return Objects.requireNonNull(likes);
        }

        @Cacheable("prices")
        @PgCacheEvict(
                table = "price",
                key = {"shop", "item_id"})
        public Integer price(String shop, long item) {
            probe.reads.incrementAndGet();
            return Objects.requireNonNull(jdbc.queryForObject(
                    "SELECT cents FROM price WHERE shop = ? AND item_id = ?", Integer.class, shop, item));
        }

        @Cacheable("all")
        @PgCacheEvict(table = "price")
        @PgCacheEvict(table = "profile", columns = "likes")
        public Integer total() {
            probe.reads.incrementAndGet();
            return Objects.requireNonNull(jdbc.queryForObject("SELECT sum(likes) FROM profile", Integer.class));
        }

        @PgCachePut(cache = "names", table = "profile", key = "name")
        public String shout(Profile row) {
            return row.name().toUpperCase(java.util.Locale.ROOT) + row.likes();
        }
    }

    record Profile(String name, int likes) {}

    @BeforeEach
    void tables() {
        jdbc.execute("CREATE TABLE profile (name text PRIMARY KEY, likes integer NOT NULL, bio text)");
        jdbc.execute("INSERT INTO profile VALUES ('ada', 1), ('grace', 1)");
        jdbc.execute("CREATE TABLE price (shop text, item_id bigint, cents integer, PRIMARY KEY (shop, item_id))");
        jdbc.execute("INSERT INTO price VALUES ('a', 1, 100), ('a', 2, 200)");
    }

    private static @Nullable Object cached(ApplicationContext context, String cache, Object key) {
        Cache found = Objects.requireNonNull(context.getBean(CacheManager.class).getCache(cache));
        Cache.ValueWrapper value = found.get(key);
        return value == null ? null : value.get();
    }

    @Test
    void aChangeTakesTheEntryAwayOnEveryInstance() {
        runner.run(one -> runner.run(other -> {
            for (ApplicationContext each : new ApplicationContext[] {one, other}) {
                Profiles profiles = each.getBean(Profiles.class);
                assertThat(profiles.likes("ada")).isEqualTo(1);
                assertThat(profiles.likes("grace")).isEqualTo(1);
                assertThat(profiles.likes("ada")).isEqualTo(1);
                assertThat(each.getBean(Probe.class).reads).hasValue(2);
            }
            jdbc.update("UPDATE profile SET likes = 2 WHERE name = 'ada'");
            for (ApplicationContext each : new ApplicationContext[] {one, other}) {
                await().until(() -> cached(each, "likes", "ada") == null);
                assertThat(cached(each, "likes", "grace")).isEqualTo(1);
                assertThat(each.getBean(Profiles.class).likes("ada")).isEqualTo(2);
            }
        }));
    }

    @Test
    void whatWasCachedBeforeTheStartGoes() {
        ConcurrentMapCacheManager outlived = new ConcurrentMapCacheManager("likes", "prices", "all", "names");
        Objects.requireNonNull(outlived.getCache("likes")).put("ada", 99);
        runner.withAllowBeanDefinitionOverriding(true)
                .withBean("cacheManager", CacheManager.class, () -> outlived)
                .run(context -> {
                    assertThat(cached(context, "likes", "ada")).isNull();
                    assertThat(context.getBean(Profiles.class).likes("ada")).isEqualTo(1);
                    assertThat(Objects.requireNonNull(outlived.getCache("likes"))
                                    .get("ada", Integer.class))
                            .isEqualTo(1);
                });
    }

    @Test
    void aReadThatRacesWithAChangeLeavesNoOldValue() {
        runner.run(context -> {
            Profiles profiles = context.getBean(Profiles.class);
            Probe probe = context.getBean(Probe.class);
            assertThat(profiles.likes("grace")).isEqualTo(1);
            probe.heldUp = "ada";
            Thread reader = new Thread(() -> {
                try {
                    profiles.likes("ada");
                } catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
            });
            reader.start();
            assertThat(probe.read.await(60, TimeUnit.SECONDS)).isTrue();
            // The reader has 1 in its hands. When the change of grace has arrived, that of ada has arrived before.
            jdbc.update("UPDATE profile SET likes = 2 WHERE name = 'ada'");
            jdbc.update("UPDATE profile SET likes = 2 WHERE name = 'grace'");
            await().until(() -> cached(context, "likes", "grace") == null);
            probe.goOn.countDown();
            reader.join();
            assertThat(cached(context, "likes", "ada")).isNull();
            assertThat(profiles.likes("ada")).isEqualTo(2);
            assertThat(cached(context, "likes", "ada")).isEqualTo(2);
        });
    }

    @Test
    void keysOfSeveralColumnsAreThoseOfTheParameters() {
        runner.run(context -> {
            Profiles profiles = context.getBean(Profiles.class);
            Probe probe = context.getBean(Probe.class);
            assertThat(profiles.price("a", 1)).isEqualTo(100);
            assertThat(profiles.price("a", 2)).isEqualTo(200);
            jdbc.update("UPDATE price SET item_id = 3 WHERE item_id = 1");
            jdbc.update("INSERT INTO price VALUES ('a', 1, 111)");
            await().until(() -> profiles.price("a", 1) == 111);
            assertThat(profiles.price("a", 2)).isEqualTo(200);
            assertThat(probe.reads.get()).isGreaterThanOrEqualTo(3);
            jdbc.execute("TRUNCATE price");
            jdbc.update("INSERT INTO price VALUES ('a', 2, 222)");
            await().until(() -> profiles.price("a", 2) == 222);
        });
    }

    @Test
    void withoutKeyColumnsEveryChangeThatCountsClears() {
        runner.run(context -> {
            Profiles profiles = context.getBean(Profiles.class);
            Probe probe = context.getBean(Probe.class);
            assertThat(profiles.total()).isEqualTo(2);
            jdbc.update("UPDATE profile SET bio = 'does not count'");
            jdbc.update("UPDATE profile SET likes = 5 WHERE name = 'ada'");
            await().until(() -> profiles.total() == 6);
            assertThat(probe.reads).hasValue(2);
            jdbc.update("INSERT INTO price VALUES ('b', 1, 1)");
            await().until(() -> profiles.total() == 6 && probe.reads.get() == 3);
        });
    }

    @Test
    void putsWhatARowHasBecome() {
        runner.run(context -> {
            jdbc.update("UPDATE profile SET likes = 7 WHERE name = 'ada'");
            await().until(() -> "ADA7".equals(cached(context, "names", "ada")));
            jdbc.update("UPDATE profile SET name = 'lovelace' WHERE name = 'ada'");
            await().until(() -> "LOVELACE7".equals(cached(context, "names", "lovelace")));
            assertThat(cached(context, "names", "ada")).isNull();
            jdbc.update("DELETE FROM profile WHERE name = 'lovelace'");
            await().until(() -> cached(context, "names", "lovelace") == null);
        });
    }

    @Test
    void theLastOfManyWritersOfARowIsWhatRemains() {
        runner.run(context -> {
            Thread[] writers = new Thread[8];
            for (int i = 0; i < writers.length; i++) {
                writers[i] = new Thread(() -> {
                    for (int n = 0; n < 50; n++) {
                        jdbc.update("UPDATE profile SET likes = likes + 1 WHERE name = 'ada'");
                    }
                });
                writers[i].start();
            }
            for (Thread each : writers) {
                each.join();
            }
            await().until(() -> "ADA401".equals(cached(context, "names", "ada")));
        });
    }

    static class NoSuchCache {
        @Cacheable("nowhere")
        @PgCacheEvict(table = "profile", key = "name")
        public Map<String, Integer> wrong(String name) {
            return Map.of(name, 1);
        }
    }

    static class TwoParameters {
        @Cacheable("likes")
        @PgCacheEvict(table = "profile", key = "name")
        public int wrong(String name, int more) {
            return more;
        }
    }

    static class OwnKey {
        @Cacheable(cacheNames = "likes", key = "#name.length()")
        @PgCacheEvict(table = "profile", key = "name")
        public int wrong(String name) {
            return 0;
        }
    }

    static class NotCached {
        @PgCacheEvict(table = "profile", key = "name")
        public int wrong(String name) {
            return 0;
        }
    }

    @Test
    void mistakesAreToldAtStart() {
        fails(NoSuchCache.class, "names the cache \"nowhere\"");
        fails(TwoParameters.class, "another number of parameters");
        fails(OwnKey.class, "a key of its own");
        fails(NotCached.class, "not with @Cacheable");
    }

    private void fails(Class<?> bean, String message) {
        runner.withBean(bean).run(context -> assertThat(context).getFailure().hasStackTraceContaining(message));
    }
}
