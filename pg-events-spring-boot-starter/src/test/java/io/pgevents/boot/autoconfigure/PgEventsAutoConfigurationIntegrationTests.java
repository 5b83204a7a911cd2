package io.pgevents.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventPublisher;
import io.pgevents.OutgoingEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.PublishReceipt;
import io.pgevents.admin.DeadLetters;
import io.pgevents.admin.Subscriptions;
import io.pgevents.boot.jackson.BothTreesEventCodec;
import io.pgevents.boot.jackson.Jackson3EventCodec;
import io.pgevents.boot.publish.AnnotatedEventStore;
import io.pgevents.boot.support.BusRunner;
import io.pgevents.codec.EventCodec;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.jdbc.DedicatedConnections;
import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.runtime.PgEvents;
import io.pgevents.runtime.PgEvents.Infrastructure;
import io.pgevents.schema.EventSchema;
import io.pgevents.subscription.Subscription.DeclaredSubscriptions;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import tools.jackson.databind.json.JsonMapper;

class PgEventsAutoConfigurationIntegrationTests {

    private final ApplicationContextRunner runner = BusRunner.onNewDatabase();

    @Test
    void configuresTheBus() {
        runner.run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(EventPublisher.class)
                    .hasBean("eventPublisher")
                    .hasSingleBean(DeadLetters.class)
                    .hasSingleBean(Subscriptions.class)
                    .hasSingleBean(EventSchema.class)
                    .hasSingleBean(AnnotatedEventStore.class)
                    .hasSingleBean(DeclaredSubscriptions.class)
                    .hasSingleBean(DedicatedConnections.class);
            assertThat(context.getBean(PgEvents.class).isRunning()).isTrue();
            assertThat(context.getBean(EventSchema.class).name()).isEqualTo("public");
        });
    }

    @Test
    void neverExposesAFlyway() {
        runner.run(context -> assertThat(context).doesNotHaveBean(Flyway.class));
    }

    @Test
    void usesTheMapperOfTheApplication() {
        runner.run(context -> assertThat(preferred(context)).isInstanceOf(Jackson3EventCodec.class));
    }

    @Test
    void usesJackson2WhenTheApplicationHasSeveralMappers() {
        runner.withBean("one", JsonMapper.class, JsonMapper::new)
                .withBean("two", JsonMapper.class, JsonMapper::new)
                .run(context -> assertThat(preferred(context)).isInstanceOf(Jackson2EventCodec.class));
    }

    @Test
    void usesJackson2WithoutTheClassesOfJackson3() {
        runner.withClassLoader(new FilteredClassLoader("tools.jackson"))
                .run(context -> assertThat(context.getBean(EventCodec.class)).isInstanceOf(Jackson2EventCodec.class));
    }

    @Test
    void leavesTheExecutorOfTheApplicationAlone() {
        runner.run(context -> {
            assertThat(context).hasBean("applicationTaskExecutor").hasSingleBean(AsyncTaskExecutor.class);
            assertThat(threadName(context)).startsWith("pg-events-handler-");
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void usesVirtualThreadsWhenTheyAreOn() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertThat(context.getBean(HandlerExecutorConfiguration.BEAN_NAME))
                        .isInstanceOf(SimpleAsyncTaskExecutor.class));
    }

    @Test
    void handlesInThreadsOfTheApplicationWhenItSaysSo() {
        runner.withBean(
                        HandlerExecutorConfiguration.BEAN_NAME,
                        Executor.class,
                        () -> Executors.newCachedThreadPool(task -> new Thread(task, "mine")))
                .run(context -> assertThat(threadName(context)).isEqualTo("mine"));
    }

    @Test
    void backsOffForBeansOfTheApplication() {
        DedicatedConnections connections = () -> {
            throw new SQLException("none");
        };
        EventCodec codec = new Jackson2EventCodec();
        runner.withPropertyValues("pg-events.listen.enabled=false")
                .withBean(DedicatedConnections.class, () -> connections)
                .withBean(EventCodec.class, () -> codec)
                .withBean(DeclaredSubscriptions.class, () -> List::of)
                .run(context -> {
                    assertThat(context.getBean(DedicatedConnections.class)).isSameAs(connections);
                    assertThat(context.getBean(EventCodec.class)).isSameAs(codec);
                    assertThat(context).hasSingleBean(DeclaredSubscriptions.class);
                });
    }

    @Test
    void lendsAPublisherThatTheApplicationDecorates() {
        runner.withUserConfiguration(Decoration.class).run(context -> {
            assertThat(context.getBean(EventPublisher.class)).isInstanceOf(Decorated.class);
            assertThat(context).hasSingleBean(JdbcEventPublisher.class);
        });
    }

    @Test
    void startsItsSubscriptionsAlsoWhenBeansAreLazy() {
        runner.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withUserConfiguration(Handler.class)
                .run(context ->
                        assertThat(context.getBean(Subscriptions.class).names()).contains("lazy"));
    }

    @Test
    void makesBeansWaitThatNeedADatabase() {
        runner.withUserConfiguration(Waiting.class).run(context -> {
            ConfigurableListableBeanFactory beans =
                    context.getSourceApplicationContext().getBeanFactory();
            assertThat(beans.getBeanDefinition("waiting").getDependsOn()).contains("eventSchema");
            assertThat(beans.getBeanDefinition("jdbcTemplate").getDependsOn()).contains("eventSchema");
        });
    }

    @Test
    void worksWithAFetchOnDemand() {
        runner.withPropertyValues("spring.datasource.connection-fetch=lazy").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(EventPublisher.class).publish("a", "b").deliveries())
                    .isZero();
        });
    }

    private static EventCodec preferred(AssertableApplicationContext context) {
        return ((BothTreesEventCodec) context.getBean(EventCodec.class)).preferred();
    }

    private static String threadName(AssertableApplicationContext context) throws Exception {
        Executor executor = context.getBean(Infrastructure.class).executor();
        CompletableFuture<String> name = new CompletableFuture<>();
        executor.execute(() -> name.complete(Thread.currentThread().getName()));
        return name.get(20, TimeUnit.SECONDS);
    }

    record Decorated(EventPublisher publisher) implements EventPublisher {
        @Override
        public List<PublishReceipt> publishAll(Collection<OutgoingEvent> events) {
            return publisher.publishAll(events);
        }

        @Override
        public void broadcast(OutgoingEvent event) {
            publisher.broadcast(event);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Decoration {
        @Bean
        @Primary
        Decorated decorated(JdbcEventPublisher publisher) {
            return new Decorated(publisher);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Handler {
        @PgSubscribe(topic = "a", subscription = "lazy")
        void handle(String payload) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Waiting {
        @Bean
        @DependsOnDatabaseInitialization
        Object waiting() {
            return "waiting";
        }
    }
}
