package io.pgevents.boot.autoconfigure;

import io.pgevents.admin.DeadLetters;
import io.pgevents.admin.Subscriptions;
import io.pgevents.boot.connection.DirectConnections;
import io.pgevents.boot.listener.AnnotatedBroadcasts;
import io.pgevents.boot.listener.AnnotatedListeners;
import io.pgevents.boot.listener.AnnotatedSubscriptions;
import io.pgevents.boot.publish.AnnotatedEventStore;
import io.pgevents.capture.RowCaptures;
import io.pgevents.channel.ChannelSender;
import io.pgevents.channel.Channels;
import io.pgevents.codec.EventCodec;
import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.live.BroadcastSubscription.DeclaredBroadcasts;
import io.pgevents.live.LiveLog;
import io.pgevents.live.LiveTopics;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.runtime.PgEvents;
import io.pgevents.runtime.PgEvents.Infrastructure;
import io.pgevents.runtime.PgEvents.Live;
import io.pgevents.schema.EventSchema;
import io.pgevents.schema.SchemaInitializer;
import io.pgevents.subscription.Subscription.DeclaredSubscriptions;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;

/** Configures the bus on the application's {@code DataSource}. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
            "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
            "org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration",
            "org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration",
            "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration",
            "org.springframework.boot.autoconfigure.liquibase.LiquibaseAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "pg-events.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(DataSource.class)
@EnableConfigurationProperties(PgEventsProperties.class)
@Import({
    DatabaseInitializationDependencyConfigurer.class,
    Jackson3Configuration.class,
    Jackson2Configuration.class,
    HandlerExecutorConfiguration.class
})
public final class PgEventsAutoConfiguration {

    private final PgEventsProperties properties;
    private final Environment environment;
    private final CoreSettings settings;

    PgEventsAutoConfiguration(PgEventsProperties properties, Environment environment) {
        this.properties = properties;
        this.environment = environment;
        this.settings = new CoreSettings(properties, environment);
    }

    @Bean
    @ConditionalOnMissingBean
    EventSchema eventSchema(DataSource dataSource) {
        return new SchemaInitializer(dataSource, settings.schema()).initialize();
    }

    @Bean
    OwnPublisher pgEventsOwnPublisher(DataSource dataSource, EventSchema schema, EventCodec codec) {
        return new OwnPublisher(new JdbcEventPublisher(dataSource, schema, codec, settings.publish()));
    }

    @Bean
    @ConditionalOnMissingBean
    JdbcEventPublisher eventPublisher(OwnPublisher own) {
        return own.publisher();
    }

    @Bean
    @ConditionalOnMissingBean
    AnnotatedEventStore annotatedEventStore(OwnPublisher own) {
        return new AnnotatedEventStore(own.publisher());
    }

    @Bean
    @ConditionalOnMissingBean
    DeadLetters deadLetters(DataSource dataSource, EventSchema schema) {
        return new DeadLetters(dataSource, schema);
    }

    @Bean
    @ConditionalOnMissingBean
    Subscriptions subscriptions(DataSource dataSource, EventSchema schema) {
        return new Subscriptions(dataSource, schema);
    }

    @Bean
    @ConditionalOnMissingBean
    DeclaredSubscriptions declaredSubscriptions(ConfigurableListableBeanFactory beans, EventCodec codec) {
        return new AnnotatedSubscriptions(beans, codec, properties.subscription(), environment);
    }

    @Bean
    @ConditionalOnMissingBean
    Channels channels(@Qualifier(HandlerExecutorConfiguration.BEAN_NAME) Executor executor) {
        return new Channels(executor, properties.listen().enabled());
    }

    @Bean
    @ConditionalOnMissingBean(AnnotatedBroadcasts.class)
    AnnotatedBroadcasts annotatedBroadcasts(ConfigurableListableBeanFactory beans, EventCodec codec) {
        return new AnnotatedBroadcasts(beans, codec);
    }

    @Bean
    @ConditionalOnMissingBean
    ChannelSender channelSender(DataSource dataSource, EventSchema schema, EventCodec codec) {
        return new ChannelSender(dataSource, schema, codec);
    }

    @Bean
    @ConditionalOnMissingBean
    LiveLog liveLog(DataSource dataSource, EventSchema schema) {
        return new LiveLog(dataSource, schema, settings.live());
    }

    @Bean
    @ConditionalOnMissingBean
    AnnotatedListeners annotatedListeners(ConfigurableListableBeanFactory beans, EventCodec codec, Channels channels) {
        return new AnnotatedListeners(
                beans, codec, channels, properties.listen().enabled());
    }

    @Bean
    @ConditionalOnMissingBean
    Live pgEventsLive(LiveLog log, ObjectProvider<DeclaredBroadcasts> broadcasts, ObjectProvider<LiveTopics> topics) {
        return new Live(
                log,
                () -> broadcasts
                        .orderedStream()
                        .flatMap(each -> each.all().stream())
                        .toList(),
                () -> topics.orderedStream()
                        .flatMap(each -> each.topics().stream())
                        .toList());
    }

    @Bean
    @ConditionalOnMissingBean
    DedicatedConnections dedicatedConnections(DataSource dataSource) {
        PgEventsProperties.Listen listen = properties.listen();
        String url = listen.url();
        String name = "pg-events " + settings.nodeName();
        if (!StringUtils.hasText(url)) {
            return DirectConnections.like(dataSource, environment, name);
        }
        return listen.username() == null
                ? DirectConnections.to(url, dataSource, environment, name)
                : DirectConnections.to(url, listen.username(), listen.password(), name);
    }

    @Bean
    @ConditionalOnMissingBean
    Infrastructure pgEventsInfrastructure(
            DataSource dataSource,
            ObjectProvider<PlatformTransactionManager> transactionManagers,
            DedicatedConnections dedicatedConnections,
            @Qualifier(HandlerExecutorConfiguration.BEAN_NAME) Executor executor) {
        PlatformTransactionManager transactionManager = TransactionManagers.of(dataSource, transactionManagers);
        return new Infrastructure(dataSource, transactionManager, dedicatedConnections, executor);
    }

    @Bean
    @ConditionalOnMissingBean
    RowCaptures rowCaptures(Infrastructure infrastructure, EventSchema schema) {
        return new RowCaptures(
                infrastructure.dataSource(),
                infrastructure.transactionManager(),
                schema,
                RowCaptures.Settings.of(properties.capture().mode()));
    }

    @Bean
    @ConditionalOnMissingBean
    PgEvents pgEvents(
            Infrastructure infrastructure,
            EventSchema schema,
            OwnPublisher own,
            DeclaredSubscriptions subscriptions,
            Channels channels,
            Live live) {
        return new PgEvents(
                infrastructure,
                schema,
                own.publisher(),
                subscriptions,
                channels,
                settings.runtime(infrastructure.dataSource()),
                live);
    }

    /**
     * The publisher of the bus itself, so that it does not depend on a bean that a test may replace by a mock.
     *
     * @param publisher also the bean for the application
     */
    record OwnPublisher(JdbcEventPublisher publisher) {}
}
