package io.pgevents.boot.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.boot.support.BusRunner;
import io.pgevents.channel.ChannelListener;
import io.pgevents.channel.ChannelSender;
import io.pgevents.channel.Channels;
import io.pgevents.channel.Channels.Registration;
import io.pgevents.support.TlsServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A bus whose server speaks TLS: the listening connection does what the URL of the data source says. */
class TlsConnectionIntegrationTests {

    private static final String OF_THE_POOL = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    private static final String OF_THE_HUB =
            "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE starts_with(application_name, ?)";

    @TempDir
    private static Path directory;

    private static TlsServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TlsServer(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    /** What the driver demands before it sends anything: this certificate, and that it is for this host. */
    private static String verified(Path certificate) {
        return server.url() + "?sslmode=verify-full&sslrootcert=" + certificate;
    }

    @ParameterizedTest
    @CsvSource({"require, true", "verify-full, true", "disable, false"})
    void theListeningConnectionAndThePoolDoAsTheUrlSays(String mode, boolean tls) {
        BusRunner.on(server.url() + "?sslmode=" + mode + "&sslrootcert=" + server.certificate())
                .withPropertyValues("spring.application.name=" + mode)
                .run(context -> {
                    await().until(() -> context.getBean(Channels.class).status().connectedSince() != null);
                    JdbcTemplate pool = context.getBean(JdbcTemplate.class);
                    assertThat(pool.queryForList(OF_THE_HUB, Boolean.class, "pg-events " + mode + "@"))
                            .containsExactly(tls);
                    assertThat(pool.queryForObject(OF_THE_POOL, Boolean.class)).isEqualTo(tls);
                });
    }

    @Test
    void notificationsOfAnySizeArriveInOrder() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        List<String> sent = IntStream.range(0, 2_000)
                .mapToObj(i -> i + "x".repeat(i * 7 % 7_000))
                .toList();
        BusRunner.on(verified(server.certificate())).run(context -> {
            Channels channels = context.getBean(Channels.class);
            ChannelListener listener = notification -> heard.add(notification.payload());
            try (Registration registration = channels.listen(List.of("prices"), sent.size(), listener)) {
                await().until(registration::isListening);
                sent.forEach(each -> context.getBean(ChannelSender.class).send("prices", each));
                await().until(() -> heard.size() == sent.size());
            }
            assertThat(heard).containsExactlyElementsOf(sent);
            assertThat(channels.status().reconnects()).isZero();
        });
    }

    @Test
    void theListeningConnectionTrustsNobodyElse(@TempDir Path elsewhere) throws Exception {
        try (TlsServer other = new TlsServer(elsewhere)) {
            assertThatThrownBy(() -> DirectConnections.to(verified(other.certificate()), "postgres", "postgres", "shop")
                            .open())
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("CertPathValidatorException");
        }
    }
}
