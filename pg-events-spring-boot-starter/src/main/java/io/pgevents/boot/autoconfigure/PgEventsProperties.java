package io.pgevents.boot.autoconfigure;

import io.pgevents.boot.listener.SubscriptionOptions;
import io.pgevents.capture.RowCaptures;
import io.pgevents.schema.SchemaSettings.Migrate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code pg-events.*}. Those of single subscriptions, {@code pg-events.subscriptions.<name>.*}, are
 * looked up where the subscriptions are bound.
 *
 * @param enabled Whether the bus is configured. Without it there is no EventPublisher, no handler and no stream, and
 *     objects with @PgEvent given to Spring's publisher are not stored; triggers and subscriptions in the database go on
 *     collecting.
 * @param schema Where the tables are and who creates them.
 * @param listen How consumers are woken.
 * @param pollInterval How often idle subscriptions are looked after, 10 milliseconds to 1 minute; the bound of every
 *     delivery when no notification arrives.
 * @param maxTransactions Handling transactions of this instance at the same time, over all subscriptions. By default
 *     half of the connection pool; 5 if that is not Hikari.
 * @param retention How long finished events are kept.
 * @param publish Limits of publishing.
 * @param capture How changes of rows are captured.
 * @param live How the live log is kept and read.
 * @param subscription Defaults for all subscriptions.
 */
@ConfigurationProperties("pg-events")
record PgEventsProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Schema schema,
        @DefaultValue Listen listen,
        @DefaultValue("2s") Duration pollInterval,
        @Nullable Integer maxTransactions,
        @DefaultValue Retention retention,
        @DefaultValue Publish publish,
        @DefaultValue Capture capture,
        @DefaultValue Live live,
        @NestedConfigurationProperty @DefaultValue SubscriptionOptions subscription) {

    /**
     * Where the tables are and who creates them.
     *
     * @param name Schema of the tables. By default the connection's own, the first of its search path.
     * @param migrate Whether the tables are created and brought up to date at start; or only validated; or neither.
     */
    record Schema(
            @Nullable String name, @DefaultValue("true") Migrate migrate) {}

    /**
     * How consumers are woken.
     *
     * @param enabled Whether there is a listening connection, by which consumers are woken. Without it events are found
     *     at the poll interval, and no method can listen to channels.
     * @param url JDBC URL of a direct connection to the server, past any pooler. By default that of the DataSource.
     * @param username User for the URL. By default user and password of the DataSource.
     * @param password Password for the URL.
     */
    record Listen(
            @DefaultValue("true") boolean enabled,
            @Nullable String url,
            @Nullable String username,
            @Nullable String password) {}

    /**
     * How long finished events are kept.
     *
     * @param done How long handled events are kept; 0 deletes them at once.
     * @param failed How long dead letters are kept. By default until somebody replays or deletes them.
     */
    record Retention(
            @DefaultValue("1d") Duration done, @Nullable Duration failed) {}

    /**
     * Limits of publishing.
     *
     * @param maxPayloadSize Longest payload, as JSON text.
     * @param deduplicationWindow How long a de-duplication key is remembered.
     */
    record Publish(
            @DefaultValue("1MB") DataSize maxPayloadSize,
            @DefaultValue("1d") Duration deduplicationWindow) {}

    /**
     * How changes of rows are captured.
     *
     * @param mode Whether the triggers for @PgChanges are installed at start, or only verified.
     */
    record Capture(@DefaultValue("install") RowCaptures.Mode mode) {}

    /**
     * How the live log is kept and read.
     *
     * @param retention How long live events stay at least, so that listeners that come back miss nothing.
     * @param queueCapacity Most events that wait for a broadcast handler; when it is slower, the oldest are dropped.
     * @param replayLimit Most events a listener that comes back is given; one that has missed more is told of a gap.
     */
    record Live(
            @DefaultValue("10m") Duration retention,
            @DefaultValue("1000") int queueCapacity,
            @DefaultValue("10000") int replayLimit) {}
}
