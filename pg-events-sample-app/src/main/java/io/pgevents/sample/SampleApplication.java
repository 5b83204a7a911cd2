package io.pgevents.sample;

import java.io.File;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.system.ApplicationHome;

/**
 * The order shop. It starts on an embedded PostgreSQL that keeps its data, or on the server that
 * {@code SPRING_DATASOURCE_URL} names.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SampleApplication {

    /** Starts the shop. */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(SampleApplication.class);
        application.setDefaultProperties(Map.of("shop.home", home().getPath()));
        application.run(args);
    }

    /** The build directory, whether the shop runs from its classes or its jar: both find the same data. */
    private static File home() {
        File source = new ApplicationHome(SampleApplication.class).getDir();
        return source.getName().equals("classes") ? source.getParentFile() : source;
    }
}
