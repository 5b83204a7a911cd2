package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.TestPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A persistence context that is bound to the thread for a whole request, as "open in view" does. */
class PersistenceContextIntegrationTests {

    private final DriverManagerDataSource dataSource =
            new DriverManagerDataSource(TestPostgres.newDatabaseUrl(), "postgres", "postgres");
    private final JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    private final LocalContainerEntityManagerFactoryBean jpa = new LocalContainerEntityManagerFactoryBean();
    private final ConcurrentMapCache target = new ConcurrentMapCache("likes");
    private final Following following = new Following();
    private final GuardedCache cache = new GuardedCache(target, following);
    private final Object request = new Object();

    @Entity(name = "profile")
    static class Profile {
        @Id
        private @Nullable String name;

        private int likes;

        int likes() {
            return likes;
        }
    }

    @BeforeEach
    void profiles() {
        jdbc.execute("CREATE TABLE profile (name text PRIMARY KEY, likes integer NOT NULL)");
        jdbc.update("INSERT INTO profile VALUES ('ada', 1), ('grace', 1)");
        jpa.setDataSource(dataSource);
        jpa.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        jpa.setManagedTypes(PersistenceManagedTypes.of(Profile.class.getName()));
        jpa.afterPropertiesSet();
        following.begin(Connection.TRANSACTION_READ_COMMITTED);
    }

    @AfterEach
    void end() {
        if (TransactionSynchronizationManager.hasResource(request)) {
            ((EntityManagerHolder) TransactionSynchronizationManager.unbindResource(request))
                    .getEntityManager()
                    .close();
        }
        jpa.destroy();
    }

    private EntityManager bind() {
        EntityManager entities = Objects.requireNonNull(jpa.getObject()).createEntityManager();
        TransactionSynchronizationManager.bindResource(request, new EntityManagerHolder(entities));
        return entities;
    }

    private static int likes(EntityManager entities, String name) {
        return Objects.requireNonNull(entities.find(Profile.class, name)).likes();
    }

    @Test
    void storesNothingThatComesFromEntitiesReadBeforeTheLookup() {
        EntityManager entities = bind();
        assertThat(likes(entities, "ada")).isEqualTo(1);
        jdbc.update("UPDATE profile SET likes = 2");
        cache.changed("ada");

        assertThat(cache.get("ada")).isNull();
        int old = likes(entities, "ada");
        assertThat(old).isEqualTo(1);
        cache.put("ada", old);
        assertThat(cache.<Integer>get("ada", () -> likes(entities, "ada"))).isEqualTo(1);

        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void storesWhatIsReadAfterALookupThatNoEntityWasBefore() {
        EntityManager entities = bind();
        assertThat(cache.get("ada")).isNull();
        cache.put("ada", likes(entities, "ada"));
        entities.clear();
        assertThat(cache.<Integer>get("grace", () -> likes(entities, "grace"))).isEqualTo(1);
        assertThat(target.getNativeCache()).containsOnlyKeys("ada", "grace");
    }

    @Test
    void storesNothingIfItCannotLookIntoThePersistenceContext() {
        EntityManager foreign = (EntityManager) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EntityManager.class}, (proxy, method, arguments) -> null);
        TransactionSynchronizationManager.bindResource(request, new EntityManagerHolder(foreign));
        assertThat(cache.get("ada")).isNull();
        cache.put("ada", 1);
        assertThat(target.getNativeCache()).isEmpty();
    }
}
