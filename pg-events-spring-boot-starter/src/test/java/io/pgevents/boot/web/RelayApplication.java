package io.pgevents.boot.web;

import io.pgevents.codec.EventCodec;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.LiveEvent;
import io.pgevents.relay.InMemoryFeed;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.relay.RelayRequest;
import io.pgevents.relay.RelayStream;
import io.pgevents.relay.RelayStream.Overflow;
import io.pgevents.relay.RelaySubscription;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Spring MVC applications with streams, on a live log in memory. */
final class RelayApplication {

    private RelayApplication() {}

    static ServletWebServerApplicationContext start(Class<?> server, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.main.web-application-type=servlet",
                "--spring.main.banner-mode=off",
                "--pg-events.relay.heartbeat=200ms"));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        return (ServletWebServerApplicationContext)
                new SpringApplicationBuilder(server).run(arguments.toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        PropertyPlaceholderAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        RelayAutoConfiguration.class
    })
    static class Base {

        @Bean
        InMemoryFeed feed() {
            return new InMemoryFeed();
        }

        @Bean
        EventCodec codec() {
            return new Jackson2EventCodec();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Streams extends Base {

        @Bean
        RelayStream orders() {
            return RelayStream.of("orders", "order.#").withFields("status");
        }

        @Bean
        RelayStream exact() {
            return RelayStream.of("exact", "exact").withQueue(new RelayStream.Queue(Overflow.DISCONNECT, 500, 8 << 20));
        }

        @Bean
        RelayAuthorizer authorizer() {
            return new Authorizer();
        }

        @Bean
        ProfileController profileController(SseRelay relay) {
            return new ProfileController(relay);
        }
    }

    /** On Tomcat. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TomcatServletWebServerAutoConfiguration.class)
    static class OnTomcat extends Streams {}

    /** On Jetty. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(JettyServletWebServerAutoConfiguration.class)
    static class OnJetty extends Streams {}

    /** With streams from properties, and nobody who allows anything. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TomcatServletWebServerAutoConfiguration.class)
    static class WithoutAuthorizer extends Base {}

    private static final class Authorizer implements RelayAuthorizer {

        @Override
        public boolean mayFollow(RelayRequest request) {
            HttpServletRequest http = (HttpServletRequest) request.exchange();
            String answer = http.getHeader("answer");
            if ("throw".equals(answer)) {
                throw new IllegalStateException("on purpose");
            }
            if ("database".equals(answer)) {
                throw new IllegalStateException(new SQLException("on purpose"));
            }
            return !"no".equals(answer);
        }

        @Override
        public boolean maySee(RelayRequest request, LiveEvent event) {
            if ("fail".equals(event.key())) {
                throw new IllegalStateException("on purpose");
            }
            return !"secret".equals(event.key());
        }
    }

    /** As an application serves a stream at an address of its own. */
    @RestController
    static final class ProfileController {

        private static final RelayStream PROFILES = RelayStream.of("profile", "profile")
                .withOverflow(Overflow.LATEST_PER_KEY)
                .withEventName("counters");

        private final SseRelay relay;

        ProfileController(SseRelay relay) {
            this.relay = relay;
        }

        /** A mapping that is careless about the method. */
        @RequestMapping("/any/stream")
        void any(HttpServletRequest request, HttpServletResponse response) throws IOException {
            relay.open(request, response, RelaySubscription.to(PROFILES));
        }

        @GetMapping("/profile/{name}/stream")
        void stream(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            relay.open(
                    request,
                    response,
                    RelaySubscription.to(PROFILES)
                            .withKey(name)
                            .withSnapshot("counters", () -> Map.of("name", name, "likes", 1)));
        }
    }
}
