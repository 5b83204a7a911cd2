package io.pgevents.benchmark.peers;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * The application context of a peer that lives in one. It has only the auto-configurations the peer needs, since those
 * of all peers are on the class path; they are named by text because some are not public.
 */
final class PeerContext {

    private static final List<String> SPRING = List.of(
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
            "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration",
            "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration");

    private PeerContext() {}

    /**
     * Opens a context.
     *
     * @param pool its data source, which it does not close
     * @param properties the settings of the peer
     * @param configurations the auto-configurations of the peer, in their order
     * @param beans registers more beans
     */
    static ConfigurableApplicationContext open(
            DataSource pool,
            Map<String, Object> properties,
            List<String> configurations,
            Consumer<GenericApplicationContext> beans) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().setConversionService(new ApplicationConversionService());
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("tuning", properties));
        context.registerBean(
                "dataSource", DataSource.class, () -> pool, definition -> definition.setDestroyMethodName(""));
        beans.accept(context);
        SPRING.forEach(name -> context.register(type(name)));
        configurations.forEach(name -> context.register(type(name)));
        context.refresh();
        return context;
    }

    private static Class<?> type(String name) {
        return ClassUtils.resolveClassName(name, PeerContext.class.getClassLoader());
    }
}
