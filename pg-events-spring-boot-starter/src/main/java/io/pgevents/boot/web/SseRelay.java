package io.pgevents.boot.web;

import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayClient;
import io.pgevents.relay.RelayRefusedException;
import io.pgevents.relay.RelaySubscription;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.StringUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;

/**
 * Streams to a browser from a method of a Spring MVC controller, which returns nothing and has decided that the client
 * may have it. The method ends at once; the stream goes on until the browser leaves. Principal and
 * {@code Last-Event-ID} are taken from the request, unless the subscription has them. Thread-safe.
 */
public final class SseRelay {

    private static final Logger log = LoggerFactory.getLogger(SseRelay.class);

    private final Relay relay;
    private final UnwrittenTopics unwritten;

    SseRelay(Relay relay, UnwrittenTopics unwritten) {
        this.relay = relay;
        this.unwritten = unwritten;
    }

    /**
     * Begins a stream. A request with HEAD, which {@code @GetMapping} lets in, gets the headers of one. If there is no
     * room, the relay is not running or the database fails, a request that accepts {@code text/event-stream} by name gets
     * an empty stream that has the browser come back later.
     *
     * @throws ResponseStatusException in that case with 503 and {@code Retry-After} for others; with 405 if the request
     *     is neither GET nor HEAD
     */
    public void open(HttpServletRequest request, HttpServletResponse response, RelaySubscription subscription)
            throws IOException {
        requireGet(request);
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            describe(response);
            return;
        }
        unwritten.check(subscription.stream());
        RelaySubscription complete = RelayDoor.complete(subscription, request.getUserPrincipal(), lastEventId(request));
        RelayClient client;
        try {
            client = relay.open(complete, new SseEncoder(complete.stream().eventName()));
        } catch (RelayRefusedException ex) {
            refuse(request, response, ex);
            return;
        }
        try {
            begin(request, response, client);
        } catch (IOException | RuntimeException | Error ex) {
            client.close();
            throw ex;
        }
    }

    static void requireGet(HttpServletRequest request) {
        HttpMethod method = HttpMethod.valueOf(request.getMethod());
        if (!SseHeaders.METHODS.contains(method)) {
            throw new MethodNotAllowedException(method, SseHeaders.METHODS);
        }
    }

    static void refuse(HttpServletRequest request, HttpServletResponse response, RelayRefusedException reason)
            throws IOException {
        if (!SseHeaders.asksForEvents(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)))) {
            throw RelayDoor.unavailable(reason);
        }
        log.debug("A browser is to come back later", reason);
        describe(response);
        response.getOutputStream().write(SseEncoder.comeBack());
    }

    private static void describe(HttpServletResponse response) {
        response.setContentType(SseHeaders.CONTENT_TYPE);
        SseHeaders.ALL.forEach(response::setHeader);
    }

    private static void begin(HttpServletRequest request, HttpServletResponse response, RelayClient client)
            throws IOException {
        describe(response);
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
