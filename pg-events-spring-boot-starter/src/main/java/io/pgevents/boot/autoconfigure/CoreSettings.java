package io.pgevents.boot.autoconfigure;

import io.pgevents.PgEventsStartException;
import io.pgevents.boot.connection.PoolSize;
import io.pgevents.live.LiveLog;
import io.pgevents.maintenance.Retention;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import io.pgevents.runtime.PgEventsSettings;
import io.pgevents.schema.SchemaSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Interprets the properties, once, as the settings of core. */
final class CoreSettings {

    private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

    private final PgEventsProperties properties;
    private final Environment environment;

    CoreSettings(PgEventsProperties properties, Environment environment) {
        this.properties = properties;
        this.environment = environment;
    }

    SchemaSettings schema() {
        String name = properties.schema().name();
        return new SchemaSettings(
                StringUtils.hasText(name) ? name : null, properties.schema().migrate());
    }

    PublishSettings publish() {
        PgEventsProperties.Publish publish = properties.publish();
        return valid(
                "pg-events.publish.*",
                () -> new PublishSettings(
                        Math.toIntExact(publish.maxPayloadSize().toBytes()), publish.deduplicationWindow()));
    }

    PgEventsSettings runtime(DataSource dataSource) {
        Retention retention = valid(
                "pg-events.retention.*",
                () -> new Retention(
                        properties.retention().done(), properties.retention().failed()));
        return valid(
                "pg-events.poll-interval and pg-events.max-transactions",
                () -> new PgEventsSettings(
                        nodeName(),
                        properties.listen().enabled(),
                        properties.pollInterval(),
                        maxTransactions(dataSource),
                        drainTimeout(),
                        retention));
    }

    LiveLog.Settings live() {
        PgEventsProperties.Live live = properties.live();
        return valid(
                "pg-events.live.*",
                () -> new LiveLog.Settings(live.retention(), live.queueCapacity(), live.replayLimit()));
    }

    /** Application, host and process: what an operator needs to find an instance. */
    String nodeName() {
        String application = environment.getProperty("spring.application.name", "application");
        return application + "@" + hostName() + ":" + ProcessHandle.current().pid();
    }

    private int maxTransactions(DataSource dataSource) {
        Integer explicit = properties.maxTransactions();
        if (explicit != null) {
            return explicit;
        }
        Integer pool = PoolSize.of(dataSource);
        return pool == null ? PgEventsSettings.DEFAULT.maxTransactions() : Math.max(1, pool / 2);
    }

    /** A little less than what Spring waits, so that there is time to hand back what has not begun. */
    private Duration drainTimeout() {
        String phase = environment.getProperty(PHASE_TIMEOUT, "30s");
        return DurationStyle.detectAndParse(phase).multipliedBy(5).dividedBy(6);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException ex) {
            return "localhost";
        }
    }

    private static <T> T valid(String names, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException | ArithmeticException ex) {
            throw new PgEventsStartException(
                    "A property of pg-events has an invalid value. " + ex.getMessage() + ".",
                    "Correct " + names + ".",
                    ex);
        }
    }
}
