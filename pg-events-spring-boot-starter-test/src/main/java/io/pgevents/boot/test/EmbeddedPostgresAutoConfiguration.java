package io.pgevents.boot.test;

import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** Gives an application that names no database an embedded PostgreSQL. */
@AutoConfiguration(beforeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnBooleanProperty(name = "pg-events.embedded-postgres.enabled", matchIfMissing = true)
@ConditionalOnMissingBean({DataSource.class, JdbcConnectionDetails.class})
@Conditional(OnNoDatabaseCondition.class)
@EnableConfigurationProperties(EmbeddedPostgresProperties.class)
public final class EmbeddedPostgresAutoConfiguration {

    @Bean(destroyMethod = "close")
    EmbeddedConnectionDetails embeddedPostgresConnectionDetails(EmbeddedPostgresProperties properties) {
        return EmbeddedConnectionDetails.open(properties.dataDirectory(), properties.port());
    }
}
