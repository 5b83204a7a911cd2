package io.pgevents.sample;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says where the shop is and how to reach its database. */
@Component
class Welcome {

    private static final Logger log = LoggerFactory.getLogger(Welcome.class);

    private final Environment environment;

    Welcome(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void greet() {
        String url = environment.getProperty("spring.datasource.url");
        if (url != null) {
            // The embedded server says this itself.
            log.info("Connect with   {}", psql(url, environment.getProperty("spring.datasource.username")));
        }
        log.info("The shop is at http://localhost:{}", environment.getProperty("local.server.port", "8080"));
        log.info(
                "Order by SQL   INSERT INTO event_queue (topic, payload) VALUES ('order.placed', '{}');",
                OrderPlaced.EXAMPLE);
    }

    /** The command without parameters of the driver, which psql does not know, and without a password. */
    static String psql(String jdbcUrl, @Nullable String user) {
        String url = jdbcUrl.replaceFirst("^jdbc:", "").replaceFirst("\\?.*$", "");
        return "psql " + (user == null ? "" : "-U " + user + " ") + url;
    }
}
