package io.pgevents.sample;

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
    private final ShopDatabase database;

    Welcome(Environment environment, ShopDatabase database) {
        this.environment = environment;
        this.database = database;
    }

    @EventListener(ApplicationReadyEvent.class)
    void greet() {
        log.info("The shop is open at http://localhost:{}", environment.getProperty("local.server.port"));
        log.info("Connect: {}", database.psql());
        log.info("Order: INSERT INTO event_queue (topic, payload) VALUES ('order.placed', '{}');", OrderPlaced.EXAMPLE);
    }
}
