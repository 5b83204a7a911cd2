package io.pgevents.boot.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** An application in a JVM of its own, which commits some rows, says so, and waits to be killed. */
final class ChildApplication implements AutoCloseable {

    private static final String READY = "committed all rows";

    private final Process process;

    private ChildApplication(Process process) {
        this.process = process;
    }

    static ChildApplication start(Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildApplication.class.getName(),
                        "--pg-events.embedded-postgres.data-directory=" + directory)
                .redirectErrorStream(true)
                .start();
        return new ChildApplication(process);
    }

    void awaitReady() throws IOException {
        StringBuilder output = new StringBuilder();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            output.append(line).append('\n');
            if (line.contains(READY)) {
                return;
            }
        }
        throw new IllegalStateException("The application has ended: " + output);
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws IOException {
        JdbcTemplate jdbc =
                new SpringApplicationBuilder(Application.class).run(arguments).getBean(JdbcTemplate.class);
        jdbc.execute("CREATE TABLE committed AS SELECT generate_series(1, 1000)");
        System.out.println(READY);
        if (System.in.read() < 0) {
            System.out.println("The parent has gone");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        EmbeddedPostgresAutoConfiguration.class,
        DataSourceAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class
    })
    static class Application {}
}
