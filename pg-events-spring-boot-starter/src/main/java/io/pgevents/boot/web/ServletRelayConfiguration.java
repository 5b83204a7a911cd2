package io.pgevents.boot.web;

import io.pgevents.relay.Relay;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Spring MVC. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(name = {"org.springframework.web.servlet.DispatcherServlet", "jakarta.servlet.WriteListener"})
class ServletRelayConfiguration {

    /** Before those of the application, whose patterns may be wider. */
    private static final int ORDER = -10;

    @Bean
    @ConditionalOnMissingBean
    SseRelay sseRelay(Relay relay, UnwrittenTopics unwritten) {
        return new SseRelay(relay, unwritten);
    }

    @Bean
    SimpleUrlHandlerMapping pgEventsStreamMapping(RelayDoor door, SseRelay relay, RelayProperties properties) {
        Map<String, Object> handlers = new HashMap<>();
        door.streams()
                .byName()
                .keySet()
                .forEach(name ->
                        handlers.put(properties.path() + "/" + name, new ServletStreamHandler(name, door, relay)));
        return new SimpleUrlHandlerMapping(handlers, ORDER);
    }
}
