package io.pgevents.boot.test;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Keeps the output of the server out of the application's log, unless the application wants it. */
final class QuietServerLog implements EnvironmentPostProcessor {

    /** The property that shows the output of the server. */
    static final String LEVEL = "logging.level.io.zonky.test";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        environment.getPropertySources().addLast(new MapPropertySource("embeddedPostgresLog", Map.of(LEVEL, "warn")));
    }
}
