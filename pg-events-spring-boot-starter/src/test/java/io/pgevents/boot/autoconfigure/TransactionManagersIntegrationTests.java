package io.pgevents.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.PgEventsStartException;
import io.pgevents.boot.support.BusRunner;
import io.pgevents.boot.support.Failures;
import io.pgevents.runtime.PgEvents.Infrastructure;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Which of the application's transaction managers the bus works with. */
class TransactionManagersIntegrationTests {

    private final ApplicationContextRunner runner = BusRunner.onNewDatabase();

    @Test
    void usesTheOneTransactionManager() {
        runner.run(context -> assertThat(context.getBean(Infrastructure.class).transactionManager())
                .isSameAs(context.getBean(PlatformTransactionManager.class)));
    }

    @Test
    void takesATransactionManagerOfItsDataSourceAmongSeveral() {
        runner.withUserConfiguration(TwoTransactionManagers.class)
                .run(context -> assertThat(context.getBean(Infrastructure.class).transactionManager())
                        .isSameAs(context.getBean("two")));
    }

    @Test
    void takesATransactionManagerOfItsDataSourceAlsoIfAnotherIsPrimary() {
        for (Class<?> other : List.of(PrimaryElsewhere.class, PrimaryAway.class)) {
            runner.withUserConfiguration(other, OneTransactionManager.class).run(context -> {
                assertThat(context.getBean(PlatformTransactionManager.class)).isInstanceOf(Elsewhere.class);
                assertThat(context.getBean(Infrastructure.class).transactionManager())
                        .isSameAs(context.getBean("ofTheDataSource"));
            });
        }
    }

    @Test
    void namesTransactionManagersThatCannotBegin() {
        runner.withUserConfiguration(PrimaryAway.class)
                .run(context -> assertThat(Failures.cause(context.getStartupFailure(), PgEventsStartException.class))
                        .hasMessageContaining(
                                "of which these cannot begin a transaction: [" + Away.class.getName() + "]")
                        .hasRootCauseMessage("The broker is away"));
    }

    @Test
    void refusesATransactionManagerThatDoesNotTellOfTheEnd() {
        runner.withUserConfiguration(WithoutSynchronization.class)
                .run(context -> assertThat(Failures.cause(context.getStartupFailure(), PgEventsStartException.class))
                        .hasMessageContaining("with transaction synchronization"));
    }

    @Test
    void refusesATransactionManagerOfSomethingElse() {
        runner.withUserConfiguration(ForeignTransactionManager.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(PgEventsStartException.class)
                        .hasMessageContaining("No transaction manager of the application manages the data source"));
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoTransactionManagers {
        @Bean
        @Order(1)
        PlatformTransactionManager one() {
            return new Elsewhere();
        }

        @Bean
        @Order(2)
        JdbcTransactionManager two(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ForeignTransactionManager {
        @Bean
        PlatformTransactionManager elsewhere() {
            return new Elsewhere();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryElsewhere {
        @Bean
        @Primary
        PlatformTransactionManager elsewhere() {
            return new Elsewhere();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryAway {
        @Bean
        @Primary
        PlatformTransactionManager away() {
            return new Away();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneTransactionManager {
        @Bean
        JdbcTransactionManager ofTheDataSource(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithoutSynchronization {
        @Bean
        JdbcTransactionManager silent(DataSource dataSource) {
            JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
            manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
            return manager;
        }
    }

    /** Cannot begin one. */
    static class Away extends Elsewhere {
        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            throw new CannotCreateTransactionException("The broker is away");
        }
    }

    /** Begins transactions, but not on a data source. */
    static class Elsewhere extends AbstractPlatformTransactionManager {
        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
