package io.pgevents.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveFeed;
import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayClient;
import io.pgevents.relay.RelayStream;
import io.pgevents.relay.RelaySubscription;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServletConnectionTests {

    private final AtomicInteger completed = new AtomicInteger();
    private final LiveFeed feed = (LiveFeed) Proxy.newProxyInstance(
            LiveFeed.class.getClassLoader(),
            new Class<?>[] {LiveFeed.class},
            (proxy, method, arguments) ->
                    method.getName().equals("now") ? new LiveCursor("0") : (LiveFeed.Registration) () -> {});
    private final AsyncContext async = (AsyncContext) Proxy.newProxyInstance(
            AsyncContext.class.getClassLoader(), new Class<?>[] {AsyncContext.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("complete")) {
                    completed.incrementAndGet();
                }
                return null;
            });
    private final Relay relay = new Relay(feed, new Jackson2EventCodec(), Relay.Settings.DEFAULT);

    @AfterEach
    void stop() {
        relay.stop();
    }

    @Test
    void endsAResponseThatCannotBeWrittenForAReasonOfOurs() {
        relay.start();
        RelayClient client = relay.open(RelaySubscription.to(RelayStream.of("all", "a")), new SseEncoder(null));
        ServletConnection connection = new ServletConnection(client, async, new Failing());
        client.attach(connection);
        connection.begin();
        connection.onWritePossible();
        assertThat(completed).hasValue(1);
        assertThat(relay.statistics().clients()).isZero();
        connection.flow();
        assertThat(completed).hasValue(1);
    }

    /** As when there is no memory. */
    private static final class Failing extends ServletOutputStream {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(int octet) {
            throw new AssertionError("on purpose");
        }
    }
}
