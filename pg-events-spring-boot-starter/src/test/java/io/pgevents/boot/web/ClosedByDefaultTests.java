package io.pgevents.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class ClosedByDefaultTests {

    @Test
    void thereIsNoStreamThatIsNotDeclared(CapturedOutput log) throws Exception {
        assertThat(status("/pg-events/stream/orders")).isEqualTo(404);
        assertThat(log).doesNotContain("RelayAuthorizer");
    }

    @Test
    void aDeclaredStreamIsClosedWithoutAnAuthorizerAndTheLogSaysWhy(CapturedOutput log) throws Exception {
        assertThat(status(
                        "/streams/orders",
                        "pg-events.relay.streams.orders.topics=order.#",
                        "pg-events.relay.path=/streams"))
                .isEqualTo(403);
        assertThat(log).contains("The streams [orders] answer 403", "RelayAuthorizer");
    }

    private static int status(String path, String... properties) throws Exception {
        try (ServletWebServerApplicationContext application =
                RelayApplication.start(RelayApplication.WithoutAuthorizer.class, properties)) {
            String url = "http://localhost:" + application.getWebServer().getPort() + path;
            return SseBrowser.ask(url, request -> {}).statusCode();
        }
    }
}
