package io.pgevents.boot.integration;

import io.pgevents.EventPublisher;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application without a web server in a JVM of its own. It publishes one event when it has started, and its main method ends. */
final class WorkerProcess implements AutoCloseable {

    private static volatile Thread main = Thread.currentThread();

    private final Process process;

    private WorkerProcess(Process process) {
        this.process = process;
    }

    /** Starts it with more configuration. */
    static WorkerProcess start(String url, Class<?> configuration) throws IOException {
        return new WorkerProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WorkerProcess.class.getName(),
                        configuration.getName(),
                        "--spring.datasource.url=" + url,
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=postgres",
                        "--spring.data.jpa.repositories.enabled=false")
                .redirectErrorStream(true)
                .redirectOutput(new File("target/worker-process.log"))
                .start());
    }

    public static void main(String[] arguments) throws ClassNotFoundException {
        main = Thread.currentThread();
        new SpringApplicationBuilder(Application.class, Class.forName(arguments[0]))
                .web(WebApplicationType.NONE)
                .run(arguments)
                .getBean(EventPublisher.class)
                .publish("work", "to do");
    }

    /** In the process: waits until its main method has ended. */
    static void awaitEndOfMain() throws InterruptedException {
        main.join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** The exit code, or -1 if the process does not end. */
    int awaitEnd() throws InterruptedException {
        return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Handlers run in daemon threads, as virtual ones are. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = {HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class})
    static class Application {
        @Bean(name = "pgEventsHandlerExecutor", defaultCandidate = false)
        Executor daemons() {
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
