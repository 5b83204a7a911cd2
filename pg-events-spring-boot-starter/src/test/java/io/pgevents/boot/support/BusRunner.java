package io.pgevents.boot.support;

import io.pgevents.boot.autoconfigure.MissingBusAutoConfiguration;
import io.pgevents.boot.autoconfigure.PgEventsAutoConfiguration;
import io.pgevents.boot.cache.CacheAutoConfiguration;
import io.pgevents.support.TestPostgres;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;

/** Contexts with the auto-configurations an ordinary JDBC application has. */
public final class BusRunner {

    private BusRunner() {}

    /** Without a database. */
    public static ApplicationContextRunner withoutDatabase() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        PropertyPlaceholderAutoConfiguration.class,
                        TaskExecutionAutoConfiguration.class,
                        JacksonAutoConfiguration.class,
                        PgEventsAutoConfiguration.class,
                        CacheAutoConfiguration.class,
                        MissingBusAutoConfiguration.class));
    }

    /** On a fresh database. */
    public static ApplicationContextRunner onNewDatabase() {
        return on(TestPostgres.newDatabaseUrl());
    }

    /** On a given database. */
    public static ApplicationContextRunner on(String url) {
        return withoutDatabase()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        TransactionManagerCustomizationAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class))
                .withPropertyValues(
                        "spring.datasource.url=" + url,
                        "spring.datasource.username=postgres",
                        "spring.datasource.password=postgres",
                        "spring.datasource.hikari.connection-timeout=2000",
                        "pg-events.poll-interval=500ms");
    }
}
