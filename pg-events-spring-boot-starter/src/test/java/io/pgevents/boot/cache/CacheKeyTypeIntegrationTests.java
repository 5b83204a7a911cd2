package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.support.TestPostgres;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Keys whose types a superclass leaves open, and such as do not say what they are. */
@Timeout(300)
class CacheKeyTypeIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final ApplicationContextRunner runner = BusRunner.on(url).withUserConfiguration(Caching.class);

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {

        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager("names", "rows");
        }
    }

    abstract static class Finder<K> {

        @Cacheable("names")
        @PgCacheEvict(table = "profile", key = "id")
        public String find(K id) {
            return "found by " + id;
        }
    }

    abstract static class Putter<R> {

        abstract String name(R row);

        @PgCachePut(cache = "rows", table = "profile", key = "id")
        public String put(R row) {
            return name(row);
        }
    }

    static class ByLong extends Finder<Long> {}

    static class ByAnything<K> extends Finder<K> {}

    record Row(long id, String name) {}

    static class Rows extends Putter<Row> {

        @Override
        String name(Row row) {
            return row.name();
        }
    }

    @BeforeEach
    void table() {
        jdbc.execute("CREATE TABLE profile (id bigint PRIMARY KEY, name text)");
        jdbc.update("INSERT INTO profile VALUES (5, 'ada')");
    }

    @Test
    void areWhatTheClassOfTheBeanSays() {
        runner.withBean(ByLong.class).withBean(Rows.class).run(context -> {
            assertThat(context.getBean(ByLong.class).find(5L)).isEqualTo("found by 5");
            assertThat(cached(context, "names", 5L)).isEqualTo("found by 5");
            jdbc.update("UPDATE profile SET name = 'lovelace'");
            await().until(() -> cached(context, "names", 5L) == null);
            await().until(() -> "lovelace".equals(cached(context, "rows", 5L)));
        });
    }

    static class ByObject {

        @Cacheable("names")
        @PgCacheEvict(table = "profile", key = "id")
        public String find(Object id) {
            return "found";
        }
    }

    static class ByNumber {

        @Cacheable("names")
        @PgCacheEvict(table = "profile", key = "id")
        public String find(Number id) {
            return "found";
        }
    }

    static class BySerializable {

        @Cacheable("names")
        @PgCacheEvict(table = "profile", key = "id")
        public String find(Serializable id) {
            return "found";
        }
    }

    static class ByComparable {

        @Cacheable("names")
        @PgCacheEvict(table = "profile", key = "id")
        public String find(Comparable<Long> id) {
            return "found";
        }
    }

    static class PutByNumber {

        @PgCachePut(cache = "rows", table = "profile", key = "id", keyTypes = Number.class)
        public String put(Row row) {
            return row.name();
        }
    }

    @Test
    void areRefusedIfTheyDoNotSayWhatAColumnIs() {
        fails(ByAnything.class, "has keys of the type K, which does not say");
        fails(ByObject.class, "has keys of the type java.lang.Object");
        fails(ByNumber.class, "has keys of the type java.lang.Number");
        fails(BySerializable.class, "has keys of the type java.io.Serializable");
        fails(ByComparable.class, "has keys of the type java.lang.Comparable<java.lang.Long>");
        fails(PutByNumber.class, "has keys of the type java.lang.Number");
    }

    static class Clearing {

        @Cacheable("names")
        @PgCacheEvict(table = "profile")
        public String find(Object id) {
            return "found by " + id;
        }
    }

    @Test
    void mayBeAnythingIfEveryChangeClears() {
        runner.withBean(Clearing.class).run(context -> {
            assertThat(context.getBean(Clearing.class).find(5)).isEqualTo("found by 5");
            assertThat(cached(context, "names", 5)).isEqualTo("found by 5");
            jdbc.update("UPDATE profile SET name = 'lovelace'");
            await().until(() -> cached(context, "names", 5) == null);
        });
    }

    private static @Nullable Object cached(ApplicationContext context, String cache, Object key) {
        CacheManager caches = context.getBean(CacheManager.class);
        return Objects.requireNonNull(caches.getCache(cache)).get(key, Object.class);
    }

    private void fails(Class<?> bean, String message) {
        runner.withBean(bean).run(context -> assertThat(context).getFailure().hasStackTraceContaining(message));
    }
}
