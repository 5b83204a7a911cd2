package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.PgSubscribe;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** When the process of an application without a web server ends. */
@Timeout(180)
class WorkerProcessIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));

    /** When nothing of the application runs but its handler, it looks at what keeps its process running. */
    record Worker(JdbcTemplate jdbc) {
        @PgSubscribe(topic = "work", subscription = "worker")
        void work(String text) throws InterruptedException {
            WorkerProcess.awaitEndOfMain();
            Thread.getAllStackTraces().keySet().stream()
                    .filter(each -> !each.isDaemon())
                    .forEach(each -> jdbc.update("INSERT INTO keeper VALUES (?)", each.getName()));
        }
    }

    record Closer(ApplicationContext context) {
        @PgSubscribe(topic = "work", subscription = "closer")
        void work(String text) throws InterruptedException {
            WorkerProcess.awaitEndOfMain();
            Thread closer = new Thread(() -> SpringApplication.exit(context));
            closer.setDaemon(true);
            closer.start();
        }
    }

    /** Is started after the bus. */
    static class Broken implements SmartLifecycle {
        @Override
        public void start() {
            throw new IllegalStateException("broken");
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Worker.class)
    static class WithWorker {}

    @Configuration(proxyBeanMethods = false)
    @Import(Closer.class)
    static class WithCloser {}

    @Configuration(proxyBeanMethods = false)
    @Import({Worker.class, Broken.class})
    static class WithBrokenStart {}

    @Configuration(proxyBeanMethods = false)
    static class OnlyPublishing {}

    @Test
    void aWorkerRunsOnWhenItsMainMethodHasEndedUntilItIsTerminated() throws Exception {
        jdbc.execute("CREATE TABLE keeper (thread text)");
        try (WorkerProcess worker = WorkerProcess.start(url, WithWorker.class)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !worker.isAlive() || !keepers().isEmpty());
            assertThat(keepers()).contains("pg-events-keep-alive");
            worker.terminate();
            assertThat(worker.awaitEnd()).isEqualTo(128 + 15);
            assertThat(count("event_node"))
                    .as("instances that have not stopped")
                    .isZero();
        }
    }

    @Test
    void aWorkerEndsWhenItsContextIsClosed() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(url, WithCloser.class)) {
            assertThat(worker.awaitEnd()).isZero();
            assertThat(count("event_node"))
                    .as("instances that have not stopped")
                    .isZero();
            assertThat(count("event_queue WHERE status = 'done'")).isEqualTo(1);
        }
    }

    @Test
    void whoOnlyPublishesEndsByItself() throws Exception {
        try (WorkerProcess command = WorkerProcess.start(url, OnlyPublishing.class)) {
            assertThat(command.awaitEnd()).isZero();
            assertThat(count("event_queue")).isEqualTo(1);
        }
    }

    @Test
    void aStartThatFailsAfterTheBusHasStartedEndsTheProcess() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(url, WithBrokenStart.class)) {
            assertThat(worker.awaitEnd()).isEqualTo(1);
            assertThat(count("event_node"))
                    .as("instances that have not stopped")
                    .isZero();
        }
    }

    private List<String> keepers() {
        return jdbc.queryForList("SELECT thread FROM keeper", String.class);
    }

    private long count(String rows) {
        Long count = jdbc.queryForObject("SELECT count(*) FROM " + rows, Long.class);
        return count == null ? -1 : count;
    }
}
