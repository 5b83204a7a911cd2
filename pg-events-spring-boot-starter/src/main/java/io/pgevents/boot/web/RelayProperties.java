package io.pgevents.boot.web;

import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayStream;
import io.pgevents.relay.RelayStream.Overflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code pg-events.relay.*}.
 *
 * @param enabled Whether live events can be streamed to browsers at all.
 * @param path Below which path the declared streams are.
 * @param streams Streams by their names; there are no others, besides beans of type RelayStream.
 * @param maxClients Most clients of this instance.
 * @param maxClientsPerPrincipal Most clients of one principal; those who are not logged in are not counted.
 * @param maxQueuedBytes Most bytes that wait for all clients together.
 * @param heartbeat How often a client gets a sign of life; those that are gone are found by it.
 * @param writeTimeout How long a client may take nothing of what waits for it before it is cut off.
 */
@ConfigurationProperties("pg-events.relay")
record RelayProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("/pg-events/stream") String path,
        @DefaultValue Map<String, Stream> streams,
        @DefaultValue("5000") int maxClients,
        @DefaultValue("20") int maxClientsPerPrincipal,
        @DefaultValue("64MB") DataSize maxQueuedBytes,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("30s") Duration writeTimeout) {

    /**
     * A stream.
     *
     * @param topics Topics and patterns.
     * @param policy What happens when the queue of a client is full.
     * @param queueCapacity Most events that wait for a client.
     * @param queueSize Most bytes that wait for a client.
     * @param fields Fields of the payload by which clients may filter.
     * @param eventName What the browser sees as the type of the events. By default their topics.
     */
    record Stream(
            @DefaultValue List<String> topics,
            @DefaultValue("drop-oldest") Overflow policy,
            @DefaultValue("1000") int queueCapacity,
            @DefaultValue("1MB") DataSize queueSize,
            @DefaultValue List<String> fields,
            @Nullable String eventName) {

        RelayStream named(String name) {
            return RelayStream.of(name, topics.toArray(String[]::new))
                    .withQueue(new RelayStream.Queue(policy, queueCapacity, queueSize.toBytes()))
                    .withFields(fields.toArray(String[]::new))
                    .withEventName(eventName);
        }
    }

    Relay.Settings settings() {
        return new Relay.Settings(
                maxClients, maxClientsPerPrincipal, maxQueuedBytes.toBytes(), heartbeat, writeTimeout);
    }
}
