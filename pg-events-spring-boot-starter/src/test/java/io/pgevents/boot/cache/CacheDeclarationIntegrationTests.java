package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgCacheEvict;
import io.pgevents.capture.PgCachePut;
import io.pgevents.support.TestPostgres;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.interceptor.SimpleKeyGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What is said at start of declarations whose keys would not be those of the entries. */
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class CacheDeclarationIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final ApplicationContextRunner runner = BusRunner.on(url).withUserConfiguration(Caching.class);

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {

        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager("likes", "names");
        }

        @Bean
        KeyGenerator byMethod() {
            return (target, method, parameters) -> method.getName() + List.of(parameters);
        }

        @Bean
        KeyGenerator byParameters() {
            return new SimpleKeyGenerator();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnKeys implements CachingConfigurer {
        @Override
        public KeyGenerator keyGenerator() {
            return new Caching().byMethod();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnResolver implements CachingConfigurer {
        @Override
        public CacheResolver cacheResolver() {
            return context -> List.of();
        }
    }

    @BeforeEach
    void table() {
        jdbc.execute("CREATE COLLATION shouted (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        jdbc.execute("CREATE DOMAIN amount AS numeric");
        jdbc.execute("CREATE TABLE profile (id bigint PRIMARY KEY, name text, code char(4), price amount,"
                + " loud text COLLATE shouted, at timestamptz, likes int)");
        jdbc.update("INSERT INTO profile VALUES (5, 'ada', 'a', 5.0, 'ADA', now(), 1)");
    }

    static class ByName {
        @Cacheable("likes")
        @PgCacheEvict(table = "profile", key = "name")
        public String get(String name) {
            return name;
        }
    }

    static class OwnKey {
        @Cacheable(cacheNames = "likes", keyGenerator = "byMethod")
        @PgCacheEvict(table = "profile", key = "name")
        public String get(String name) {
            return name;
        }
    }

    @CacheConfig(keyGenerator = "byMethod")
    static class OwnKeyOfClass extends ByName {
        @Override
        @Cacheable("likes")
        @PgCacheEvict(table = "profile", key = "name")
        public String get(String name) {
            return name;
        }
    }

    static class KeyOfParameters {
        @Cacheable(cacheNames = "likes", keyGenerator = "byParameters")
        @PgCacheEvict(table = "profile", key = "name")
        public String get(String name) {
            return name;
        }
    }

    static class Clearing {
        @Cacheable("likes")
        @PgCacheEvict(table = "profile")
        public String get(String name) {
            return name;
        }
    }

    @Test
    void refusesKeysThatSomethingElseMakes() {
        fails(OwnKey.class, "a key of its own from the key generator");
        fails(OwnKeyOfClass.class, "a key of its own from the key generator");
        runner.withUserConfiguration(OwnKeys.class)
                .withBean(ByName.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("a key of its own from the key generator")
                        .hasStackTraceContaining("SimpleKeyGenerator"));
    }

    @Test
    void takesKeysThatAreTheParametersWhateverTheRestOfTheApplicationDoes() {
        runner.withUserConfiguration(OwnKeys.class)
                .withBean(KeyOfParameters.class)
                .withBean(Clearing.class)
                .run(context -> {
                    KeyOfParameters cached = context.getBean(KeyOfParameters.class);
                    assertThat(cached.get("ada")).isEqualTo("ada");
                    assertThat(cached(context.getBean(CacheManager.class), "likes", "ada"))
                            .isEqualTo("ada");
                    jdbc.update("UPDATE profile SET likes = 2");
                    await().until(() -> cached(context.getBean(CacheManager.class), "likes", "ada") == null);
                });
    }

    static class Resolved {
        @Cacheable(cacheNames = "likes", cacheResolver = "any")
        @PgCacheEvict(table = "profile", key = "name")
        public String get(String name) {
            return name;
        }
    }

    @CacheConfig(cacheNames = "likes", cacheResolver = "any")
    static class ResolvedByClass {
        @Cacheable
        @PgCacheEvict(table = "profile", key = "name")
        public String get(String name) {
            return name;
        }
    }

    @Test
    void refusesCachesThatCodeChooses() {
        fails(Resolved.class, "gets its caches from the resolver any");
        fails(ResolvedByClass.class, "gets its caches from the resolver any of @CacheConfig");
        runner.withUserConfiguration(OwnResolver.class)
                .withBean(ByName.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("gets its caches from the application's resolver"));
    }

    static class WrongColumn {
        @Cacheable("likes")
        @PgCacheEvict(table = "profile", key = "nmae")
        public String get(String name) {
            return name;
        }
    }

    static class WrongPutColumn {
        @PgCachePut(cache = "names", table = "profile", key = "nmae")
        public String put(Row row) {
            return row.name();
        }
    }

    static class WrongTable {
        @Cacheable("likes")
        @PgCacheEvict(table = "shop.profile", key = "name")
        public String get(String name) {
            return name;
        }
    }

    static class WrongCache {
        @PgCachePut(cache = "nmaes", table = "profile", key = "name")
        public String put(Row row) {
            return row.name();
        }
    }

    @Test
    void refusesNamesThatAreNotThere() {
        fails(WrongColumn.class, "\"public\".\"profile\" does not have: [nmae]; it has [id, name");
        fails(WrongPutColumn.class, "does not have: [nmae]");
        fails(WrongTable.class, "There is no table shop.profile");
        fails(WrongTable.class, "Write the name as in SQL, with its schema (shop.profile), grant USAGE on the schema");
        fails(WrongCache.class, "spring.cache.cache-names");
    }

    record Row(long id, String name) {}

    static class PutById {
        @PgCachePut(cache = "names", table = "profile", key = "id")
        public String put(Row row) {
            return row.name();
        }
    }

    static class ReadById {
        @Cacheable("names")
        public String read(long id) {
            return "not put";
        }
    }

    static class ReadByText {
        @Cacheable("names")
        public String read(String id) {
            return id;
        }
    }

    static class ReadByOwnKey {
        @Cacheable(cacheNames = "names", key = "#id.toString()")
        public String read(Object id) {
            return "not put";
        }
    }

    static class PutByTwoTypes {
        @PgCachePut(
                cache = "names",
                table = "profile",
                key = "id",
                keyTypes = {long.class, String.class})
        public String put(Row row) {
            return row.name();
        }
    }

    @Test
    void putsUnderKeysOfTheTypesOfTheColumns() {
        runner.withBean(PutById.class)
                .withBean(ReadById.class)
                .withBean(ReadByOwnKey.class)
                .run(context -> {
                    jdbc.update("UPDATE profile SET likes = 2");
                    await().until(() -> "ada".equals(cached(context.getBean(CacheManager.class), "names", 5L)));
                    assertThat(context.getBean(ReadById.class).read(5)).isEqualTo("ada");
                });
    }

    @Test
    void refusesToPutUnderKeysNobodyLooksUp() {
        runner.withBean(PutById.class)
                .withBean(ReadByText.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("under keys of the types [Long], by which nobody looks them up")
                        .hasStackTraceContaining("ReadByText.read(String)"));
        runner.withUserConfiguration(OwnKeys.class)
                .withBean(PutById.class)
                .withBean(ReadById.class)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("with the key generator"));
        fails(PutByTwoTypes.class, "Give keyTypes one type for each key column.");
    }

    static class Doubtful {
        @Cacheable("likes")
        @PgCacheEvict(
                table = "profile",
                key = {"code", "price", "loud", "at"})
        public String get(String code, BigDecimal price, String loud, OffsetDateTime at) {
            return code;
        }
    }

    static class Certain {
        @Cacheable("names")
        @PgCacheEvict(
                table = "profile",
                key = {"id", "name", "price", "at"})
        public String get(long id, String name, int price, Instant at) {
            return name;
        }
    }

    @Test
    void warnsOfKeysThatAreEqualForTheServerOnly(CapturedOutput output) {
        runner.withBean(Doubtful.class)
                .run(context -> assertThat(output)
                        .contains("Doubtful.get(String, BigDecimal, String, OffsetDateTime)")
                        .contains("the key column code, which is char(n)")
                        .contains("the key column price, which is numeric")
                        .contains("the key column loud, which has a collation")
                        .contains("the key column at, which is timestamptz"));
    }

    @Test
    void doesNotWarnOfKeysThatAreTheSame(CapturedOutput output) {
        runner.withBean(Certain.class).run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("has the key column");
    }

    @Test
    void saysThatNobodyLooksAtCacheable(CapturedOutput output) {
        BusRunner.on(url)
                .withBean(CacheManager.class, () -> new ConcurrentMapCacheManager("likes"))
                .withBean(ByName.class)
                .run(context -> assertThat(output).contains("nobody looks at @Cacheable: add @EnableCaching"));
    }

    @Test
    void saysThatThereIsNoCacheManager(CapturedOutput output) {
        BusRunner.on(url)
                .withBean(ByName.class)
                .run(context -> assertThat(output)
                        .contains("Caches do not follow their tables, because there is no CacheManager: add"
                                + " @EnableCaching.")
                        .contains("ByName.get(String)"));
    }

    @Test
    void saysNothingWhenNoCacheFollowsATable(CapturedOutput output) {
        BusRunner.on(url).run(context -> assertThat(output).doesNotContain("Caches do not follow"));
    }

    private static @Nullable Object cached(CacheManager caches, String cache, Object key) {
        return Objects.requireNonNull(caches.getCache(cache)).get(key, Object.class);
    }

    private void fails(Class<?> bean, String message) {
        runner.withBean(bean).run(context -> assertThat(context).getFailure().hasStackTraceContaining(message));
    }
}
