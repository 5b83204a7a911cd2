package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.support.TestPostgres;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Caches that outlive their instance, and that are away for a while. */
@Timeout(300)
class CacheLifecycleIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final Shared shared = new Shared("likes");
    private final Shared second = new Shared("likes");
    private final ApplicationContextRunner runner = BusRunner.on(url)
            .withUserConfiguration(Caching.class)
            .withBean("shared", Shared.class, () -> shared)
            .withBean("second", Shared.class, () -> second);

    /** A cache outside of the application, which may be away. */
    static final class Shared extends ConcurrentMapCache {
        private volatile boolean away;

        Shared(String name) {
            super(name);
        }

        private void checkAway() {
            if (away) {
                throw new IllegalStateException("The cache is away");
            }
        }

        @Override
        protected @Nullable Object lookup(Object key) {
            checkAway();
            return super.lookup(key);
        }

        @Override
        public void put(Object key, @Nullable Object value) {
            checkAway();
            super.put(key, value);
        }

        @Override
        public void evict(Object key) {
            checkAway();
            super.evict(key);
        }

        @Override
        public void clear() {
            checkAway();
            super.clear();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {

        @Bean
        @Primary
        CacheManager one(List<Shared> caches) {
            return manager(caches.get(0), new ConcurrentMapCache("names"), new ConcurrentMapCache("bios", false));
        }

        @Bean
        CacheManager other(List<Shared> caches) {
            return manager(caches.get(1));
        }

        private static SimpleCacheManager manager(Cache... caches) {
            SimpleCacheManager manager = new SimpleCacheManager();
            manager.setCaches(List.of(caches));
            manager.initializeCaches();
            return manager;
        }

        @Bean
        Profiles profiles(JdbcTemplate jdbc) {
            return new Profiles(jdbc);
        }
    }

    static class Profiles {
        private final JdbcTemplate jdbc;

        Profiles(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Cacheable("likes")
        @PgCacheEvict(table = "profile", key = "name", columns = "likes")
        public Integer likes(String name) {
            return jdbc.queryForObject("SELECT sum(likes) FROM profile WHERE name = ?", Integer.class, name);
        }

        @Cacheable("bios")
        @PgCacheEvict(table = "profile", key = "name")
        public @Nullable String bio(String name) {
            return jdbc.queryForObject("SELECT max(bio) FROM profile WHERE name = ?", String.class, name);
        }

        @PgCachePut(cache = "names", table = "profile", key = "name")
        public String shout(Row row) {
            return row.name() + row.likes();
        }
    }

    record Row(String name, int likes) {}

    @BeforeEach
    void table() {
        jdbc.execute("CREATE TABLE profile (name text PRIMARY KEY, likes integer NOT NULL, bio text)");
        jdbc.execute("INSERT INTO profile VALUES ('ada', 1, 'bio'), ('grace', 1, NULL)");
    }

    private static Profiles profiles(ApplicationContext context) {
        return context.getBean(Profiles.class);
    }

    @Test
    void aStoppingInstanceStoresNothingInASharedCache() {
        runner.run(context -> {
            assertThat(profiles(context).likes("ada")).isEqualTo(1);
            assertThat(shared.getNativeCache()).containsOnlyKeys("ada");
            context.getBean(AnnotatedCaches.class).stop();
            // A change of it might be on its way, which nobody here would carry over.
            assertThat(shared.getNativeCache()).isEmpty();
            assertThat(profiles(context).likes("ada")).isEqualTo(1);
            assertThat(shared.getNativeCache()).isEmpty();
            jdbc.update("UPDATE profile SET likes = 2");
            assertThat(profiles(context).likes("ada")).isEqualTo(2);
            context.getBean(AnnotatedCaches.class).start();
            // The change of a moment ago may be told once more, and what was read meanwhile is not stored then.
            await().untilAsserted(() -> {
                assertThat(profiles(context).likes("ada")).isEqualTo(2);
                assertThat(shared.getNativeCache()).containsOnlyKeys("ada");
            });
        });
    }

    /** Is there before the bus is, as a web server. */
    record Early(Profiles profiles, List<Shared> caches, AtomicInteger seen) implements SmartLifecycle {

        @Autowired
        Early(Profiles profiles, List<Shared> caches) {
            this(profiles, caches, new AtomicInteger());
        }

        @Override
        public void start() {
            caches.get(0).getNativeCache().put("ada", 99);
            seen.set(profiles.likes("ada"));
            profiles.likes("grace");
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return seen.get() != 0;
        }

        @Override
        public int getPhase() {
            return 0;
        }
    }

    @Test
    void whoIsServedBeforeTheStartLeavesNothing() {
        runner.withBean(Early.class).run(context -> {
            assertThat(context.getBean(Early.class).seen()).hasValue(1);
            assertThat(shared.getNativeCache()).isEmpty();
        });
    }

    @Test
    void startsWithoutACacheThatIsAwayAndClearsItWhenItIsBack() {
        shared.getNativeCache().put("ada", 99);
        shared.away = true;
        second.getNativeCache().put("ada", 99);
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(second.getNativeCache()).isEmpty();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> profiles(context).likes("ada"));
            shared.away = false;
            assertThat(profiles(context).likes("ada")).isEqualTo(1);
            assertThat(shared.getNativeCache()).containsEntry("ada", 1);
        });
    }

    @Test
    void aCacheThatIsAwayKeepsNoOtherFromBeingTold() {
        runner.run(context -> {
            assertThat(profiles(context).likes("ada")).isEqualTo(1);
            second.getNativeCache().put("ada", 1);
            shared.away = true;
            jdbc.update("UPDATE profile SET likes = 2 WHERE name = 'ada'");
            await().until(() -> second.getNativeCache().isEmpty());
            assertThat(shared.getNativeCache()).containsEntry("ada", 1);
            shared.away = false;
            assertThat(profiles(context).likes("ada")).isEqualTo(2);
        });
    }

    @Test
    void aRowThatGetsAnotherKeyLosesItsOldEntryWhateverColumnsCount() {
        runner.run(context -> {
            Profiles profiles = profiles(context);
            assertThat(profiles.likes("ada")).isEqualTo(1);
            assertThat(profiles.likes("grace")).isEqualTo(1);
            jdbc.update("UPDATE profile SET bio = 'does not count'");
            jdbc.update("UPDATE profile SET name = 'lovelace' WHERE name = 'ada'");
            await().until(() -> !shared.getNativeCache().containsKey("ada"));
            assertThat(shared.getNativeCache()).containsOnlyKeys("grace");
        });
    }

    @Test
    void aCacheWithoutNullsFollowsItsTable() {
        runner.run(context -> {
            Profiles profiles = profiles(context);
            assertThat(profiles.bio("ada")).isEqualTo("bio");
            // What Spring does by itself.
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> profiles.bio("grace"))
                    .withMessageContaining("null");
            jdbc.update("UPDATE profile SET bio = name");
            await().until(() -> "ada".equals(profiles.bio("ada")));
            assertThat(profiles.bio("grace")).isEqualTo("grace");
        });
    }

    @Test
    void storesNothingOfANestedTransactionThatIsRolledBack() {
        runner.run(context -> {
            TransactionTemplate outer = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            TransactionTemplate nested = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
            outer.executeWithoutResult(all -> {
                assertThat(profiles(context).likes("grace")).isEqualTo(1);
                nested.executeWithoutResult(part -> {
                    context.getBean(JdbcTemplate.class).update("UPDATE profile SET likes = 7 WHERE name = 'ada'");
                    assertThat(profiles(context).likes("ada")).isEqualTo(7);
                    part.setRollbackOnly();
                });
            });
            assertThat(shared.getNativeCache()).containsOnlyKeys("grace");
            assertThat(profiles(context).likes("ada")).isEqualTo(1);
        });
    }

    @Test
    void readsTheIsolationOfTheServerAndOfThePool() {
        storesNothingOfTransactions(runner.withPropertyValues(
                "spring.datasource.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ"));
        jdbc.execute("DO $$ BEGIN EXECUTE format("
                + "'ALTER DATABASE %I SET default_transaction_isolation = ''repeatable read''', current_database());"
                + " END $$");
        storesNothingOfTransactions(runner);
    }

    private void storesNothingOfTransactions(ApplicationContextRunner isolated) {
        isolated.run(context -> {
            TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            assertThat(transaction.<Integer>execute(status -> profiles(context).likes("ada")))
                    .isEqualTo(1);
            assertThat(shared.getNativeCache()).isEmpty();
            assertThat(profiles(context).likes("ada")).isEqualTo(1);
            assertThat(shared.getNativeCache()).containsOnlyKeys("ada");
        });
    }
}
