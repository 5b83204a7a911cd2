package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.capture.RowCaptures;
import io.pgevents.channel.Channels;
import io.pgevents.support.TestPostgres;
import java.util.Locale;
import java.util.Objects;
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

/** What becomes of caches when changes of their tables may have been missed, or are not understood. */
@Timeout(300)
class CacheGapIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final ApplicationContextRunner runner = BusRunner.on(url).withUserConfiguration(Caching.class);

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {

        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager("likes", "names", "prices");
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
        @PgCacheEvict(table = "profile", key = "name")
        public @Nullable Integer likes(String name) {
            return jdbc.queryForObject("SELECT sum(likes) FROM profile WHERE name = ?", Integer.class, name);
        }

        @Cacheable("prices")
        @PgCacheEvict(table = "price", key = "item")
        public @Nullable Integer price(String item) {
            return jdbc.queryForObject("SELECT cents FROM price WHERE item = ?", Integer.class, item);
        }

        @PgCachePut(cache = "names", table = "profile", key = "name")
        public String shout(Profile row) {
            return row.name().toUpperCase(Locale.ROOT) + row.likes();
        }
    }

    record Profile(String name, int likes) {}

    @BeforeEach
    void tables() {
        createProfiles();
        jdbc.execute("CREATE TABLE price (item text PRIMARY KEY, cents integer)");
        jdbc.execute("INSERT INTO price VALUES ('lamp', 100)");
    }

    private void createProfiles() {
        jdbc.execute("CREATE TABLE profile (name text PRIMARY KEY, likes integer NOT NULL)");
        jdbc.execute("INSERT INTO profile VALUES ('ada', 1), ('grace', 1)");
    }

    /** Puts the row of ada into the one cache, and reads those of both into the other. */
    private void fill(ApplicationContext context) {
        jdbc.update("UPDATE profile SET likes = 2 WHERE name = 'ada'");
        await().until(() -> "ADA2".equals(cached(context, "names", "ada")));
        Profiles profiles = context.getBean(Profiles.class);
        // The same change may yet arrive at this cache.
        await().until(() -> {
            profiles.likes("ada");
            profiles.likes("grace");
            return Integer.valueOf(2).equals(cached(context, "likes", "ada"))
                    && cached(context, "likes", "grace") != null;
        });
        assertThat(profiles.price("lamp")).isEqualTo(100);
    }

    private static @Nullable Object cached(ApplicationContext context, String cache, Object key) {
        Cache found = Objects.requireNonNull(context.getBean(CacheManager.class).getCache(cache));
        Cache.ValueWrapper value = found.get(key);
        return value == null ? null : value.get();
    }

    @Test
    void aTableThatIsCreatedAnewClearsTheCachesThatFollowIt() {
        runner.run(context -> {
            fill(context);
            jdbc.execute("DROP TABLE profile");
            createProfiles();
            assertThat(cached(context, "likes", "grace"))
                    .as("nobody has looked yet")
                    .isEqualTo(1);

            context.getBean(RowCaptures.class).maintain();

            assertThat(cached(context, "likes", "ada")).isNull();
            assertThat(cached(context, "likes", "grace")).isNull();
            assertThat(cached(context, "names", "ada")).isNull();
            assertThat(cached(context, "prices", "lamp")).as("another table").isEqualTo(100);
            Profiles profiles = context.getBean(Profiles.class);
            assertThat(profiles.likes("ada")).isEqualTo(1);
            jdbc.update("UPDATE profile SET likes = 3 WHERE name = 'ada'");
            await().until(() -> Integer.valueOf(3).equals(profiles.likes("ada")));
        });
    }

    @Test
    void triggersThatWereSwitchedOffClearTheCachesThatFollowTheTable() {
        runner.run(context -> {
            fill(context);
            jdbc.execute("ALTER TABLE profile DISABLE TRIGGER USER");
            jdbc.update("UPDATE profile SET likes = 5 WHERE name = 'grace'");
            jdbc.execute("ALTER TABLE profile ENABLE TRIGGER USER");

            context.getBean(RowCaptures.class).maintain();

            assertThat(cached(context, "likes", "ada")).isNull();
            assertThat(context.getBean(Profiles.class).likes("grace")).isEqualTo(5);
            assertThat(cached(context, "prices", "lamp")).as("another table").isEqualTo(100);
        });
    }

    @Test
    void anotherLifeOfTheServerClearsTheCachesOfEveryInstance() {
        runner.run(one -> runner.run(other -> {
            fill(one);
            fill(other);
            // Its own change must not be what takes them away.
            await().until(() -> {
                one.getBean(Profiles.class).likes("grace");
                return cached(one, "likes", "grace") != null && cached(one, "prices", "lamp") != null;
            });

            jdbc.update("DELETE FROM event_log_life");
            jdbc.update("UPDATE profile SET likes = 4 WHERE name = 'ada'");

            for (ApplicationContext each : new ApplicationContext[] {one, other}) {
                await().until(() -> cached(each, "likes", "grace") == null && cached(each, "prices", "lamp") == null);
                Profiles profiles = each.getBean(Profiles.class);
                await().until(() -> Integer.valueOf(4).equals(profiles.likes("ada")));
            }
        }));
    }

    @Test
    void aRenamedKeyColumnClears() {
        runner.run(context -> {
            fill(context);
            jdbc.execute("ALTER TABLE profile RENAME COLUMN name TO nick");

            jdbc.update("UPDATE profile SET likes = 3 WHERE nick = 'ada'");

            await().until(() -> cached(context, "likes", "ada") == null && cached(context, "names", "ada") == null);
            await().until(() -> cached(context, "likes", "grace") == null);
            assertThat(cached(context, "prices", "lamp")).as("another table").isEqualTo(100);
        });
    }

    @Test
    void putsOnEveryInstance() {
        runner.run(one -> runner.run(other -> {
            jdbc.update("UPDATE profile SET likes = 7 WHERE name = 'ada'");
            for (ApplicationContext each : new ApplicationContext[] {one, other}) {
                await().until(() -> "ADA7".equals(cached(each, "names", "ada")));
            }
            jdbc.update("DELETE FROM profile WHERE name = 'ada'");
            for (ApplicationContext each : new ApplicationContext[] {one, other}) {
                await().until(() -> cached(each, "names", "ada") == null);
            }
        }));
    }

    @Test
    void missesNothingWhileTheListeningConnectionsAreKilled() {
        runner.run(one -> runner.run(other -> {
            fill(one);
            fill(other);
            assertThat(jdbc.queryForObject(
                            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                    + " WHERE application_name LIKE 'pg-events%' AND datname = current_database()",
                            Integer.class))
                    .isEqualTo(2);
            jdbc.update("UPDATE profile SET likes = 9 WHERE name = 'grace'");
            for (ApplicationContext each : new ApplicationContext[] {one, other}) {
                await().until(() -> "GRACE9".equals(cached(each, "names", "grace")));
                await().until(() -> cached(each, "likes", "grace") == null);
                await().until(() -> each.getBean(Channels.class).status().reconnects() == 1);
            }
        }));
    }
}
