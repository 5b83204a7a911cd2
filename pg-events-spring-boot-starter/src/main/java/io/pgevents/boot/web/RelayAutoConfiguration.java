package io.pgevents.boot.web;

import io.pgevents.PgEventsStartException;
import io.pgevents.boot.autoconfigure.PgEventsAutoConfiguration;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.LiveFeed;
import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.relay.RelayStream;
import io.pgevents.runtime.PgEvents.Live;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Configures the relay to browsers in a web application. Nothing can be streamed before it is declared. */
@AutoConfiguration(after = PgEventsAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnBooleanProperty(name = "pg-events.relay.enabled", matchIfMissing = true)
@ConditionalOnBean({LiveFeed.class, EventCodec.class})
@EnableConfigurationProperties(RelayProperties.class)
@Import({ServletRelayConfiguration.class, ReactiveRelayConfiguration.class})
public final class RelayAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Relay relay(LiveFeed feed, EventCodec codec, RelayProperties properties) {
        try {
            return new Relay(feed, codec, properties.settings());
        } catch (IllegalArgumentException ex) {
            throw new PgEventsStartException(
                    "A property of the relay has an invalid value. " + ex.getMessage() + ".",
                    "Correct pg-events.relay.*.",
                    ex);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    RelayStreams relayStreams(ObjectProvider<RelayStream> beans, RelayProperties properties) {
        return new RelayStreams(beans.orderedStream().toList(), properties);
    }

    @Bean
    @ConditionalOnMissingBean
    RelayDoor relayDoor(RelayStreams streams, ObjectProvider<RelayAuthorizer> authorizer) {
        return new RelayDoor(streams, authorizer.getIfAvailable());
    }

    @Bean
    UnwrittenTopics unwrittenTopics(ObjectProvider<Live> live) {
        return new UnwrittenTopics(() -> live.stream()
                .flatMap(each -> Stream.concat(
                        each.topics().topics().stream(),
                        each.broadcasts().all().stream().flatMap(broadcast -> broadcast.topics().stream())))
                .toList());
    }
}
