package io.pgevents.boot.web;

import io.pgevents.relay.Relay;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.WebHandler;

/** WebFlux. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(name = {"org.springframework.web.reactive.DispatcherHandler", "reactor.core.publisher.Mono"})
class ReactiveRelayConfiguration {

    private static final int ORDER = -10;

    @Bean
    @ConditionalOnMissingBean
    ReactiveSseRelay reactiveSseRelay(Relay relay, UnwrittenTopics unwritten) {
        return new ReactiveSseRelay(relay, unwritten);
    }

    @Bean
    SimpleUrlHandlerMapping pgEventsStreamMapping(RelayDoor door, ReactiveSseRelay relay, RelayProperties properties) {
        Map<String, WebHandler> handlers = new HashMap<>();
        door.streams()
                .byName()
                .keySet()
                .forEach(name -> handlers.put(
                        properties.path() + "/" + name, exchange -> relay.openDeclared(exchange, name, door)));
        return new SimpleUrlHandlerMapping(handlers, ORDER);
    }
}
