package io.pgevents.boot.autoconfigure;

import io.pgevents.boot.listener.MissingBusReport;
import io.pgevents.runtime.PgEvents;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Says why there is no bus, if there are handlers for it. */
@AutoConfiguration(after = PgEventsAutoConfiguration.class)
@ConditionalOnMissingBean(value = PgEvents.class, search = SearchStrategy.CURRENT)
public final class MissingBusAutoConfiguration {

    @Bean
    static MissingBusReport missingBusReport(ConfigurableListableBeanFactory beans, Environment environment) {
        return new MissingBusReport(beans, reason(beans, environment));
    }

    private static String reason(ConfigurableListableBeanFactory beans, Environment environment) {
        if (!environment.getProperty("pg-events.enabled", Boolean.class, true)) {
            return "pg-events.enabled is false";
        }
        if (BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, PgEvents.class).length > 0) {
            return "the bus belongs to the parent context and calls only handlers of that context";
        }
        int dataSources = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class).length;
        return dataSources == 0
                ? "there is no DataSource: set spring.datasource.url, or add pg-events-spring-boot-starter-test for an"
                        + " embedded server"
                : "there are " + dataSources + " DataSource beans and none of them is @Primary: mark one @Primary";
    }
}
