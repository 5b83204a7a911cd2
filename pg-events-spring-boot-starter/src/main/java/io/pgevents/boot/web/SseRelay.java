package io.pgevents.boot.web;

import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayClient;
import io.pgevents.relay.RelayRefusedException;
import io.pgevents.relay.RelaySubscription;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.server.ResponseStatusException;

/**
 * Streams to a browser from a method of a Spring MVC controller, which returns nothing and has decided that the client
 * may have it. The method ends at once; the stream goes on until the browser leaves. Principal and
 * {@code Last-Event-ID} are taken from the request, unless the subscription has them. Thread-safe.
 */
public final class SseRelay {

    private final Relay relay;

    SseRelay(Relay relay) {
        this.relay = relay;
    }

    /**
     * Begins a stream.
     *
     * @throws ResponseStatusException with 503 and {@code Retry-After} if there is no room
     */
    public void open(HttpServletRequest request, HttpServletResponse response, RelaySubscription subscription)
            throws IOException {
        RelaySubscription complete = RelayDoor.complete(subscription, request.getUserPrincipal(), lastEventId(request));
        RelayClient client;
        try {
            client = relay.open(complete, new SseEncoder(complete.stream().eventName()));
        } catch (RelayRefusedException ex) {
            throw RelayDoor.unavailable(ex);
        }
        try {
            begin(request, response, client);
        } catch (IOException | RuntimeException | Error ex) {
            client.close();
            throw ex;
        }
    }

    private static void begin(HttpServletRequest request, HttpServletResponse response, RelayClient client)
            throws IOException {
        response.setContentType(SseHeaders.CONTENT_TYPE);
        SseHeaders.ALL.forEach(response::setHeader);
        ShallowEtagHeaderFilter.disableContentCaching(request);
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(0);
        ServletConnection connection = new ServletConnection(client, async, response.getOutputStream());
        client.attach(connection);
        connection.begin();
    }

    private static @Nullable String lastEventId(HttpServletRequest request) {
        String header = request.getHeader(SseHeaders.LAST_EVENT_ID);
        return StringUtils.hasText(header) ? header : request.getParameter(SseHeaders.SINCE);
    }
}
