package io.pgevents.boot.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnJava;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.system.JavaVersion;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of handlers: as many as the bus starts tasks, because the bus itself bounds them. Not a default
 * candidate: otherwise Spring Boot would leave out its own {@code applicationTaskExecutor}. The flag for virtual
 * threads is read as a property, because the type for Spring Boot's own condition has another package in Spring Boot 3.
 */
@Configuration(proxyBeanMethods = false)
class HandlerExecutorConfiguration {

    /** The name of the bean, by which an application replaces it. */
    static final String BEAN_NAME = "pgEventsHandlerExecutor";

    private static final String THREAD_PREFIX = "pg-events-handler-";

    @Bean(name = BEAN_NAME, defaultCandidate = false)
    @ConditionalOnMissingBean(name = BEAN_NAME)
    @ConditionalOnBooleanProperty("spring.threads.virtual.enabled")
    @ConditionalOnJava(JavaVersion.TWENTY_ONE)
    Executor virtualThreads() {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(THREAD_PREFIX);
        executor.setVirtualThreads(true);
        return executor;
    }

    @Bean(name = BEAN_NAME, defaultCandidate = false, destroyMethod = "shutdown")
    @ConditionalOnMissingBean(name = BEAN_NAME)
    ExecutorService platformThreads() {
        return Executors.newCachedThreadPool(new CustomizableThreadFactory(THREAD_PREFIX));
    }
}
