package io.pgevents.boot.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpMethod;

/** What a stream says about itself: nobody between here and the browser is to keep, collect or compress it. */
final class SseHeaders {

    static final String CONTENT_TYPE = "text/event-stream;charset=UTF-8";
    static final Map<String, String> ALL = Map.of("Cache-Control", "no-cache, no-transform", "X-Accel-Buffering", "no");

    /** Where the browser was; it sends it by itself when it reconnects. */
    static final String LAST_EVENT_ID = "Last-Event-ID";

    /** The same for a page that was rendered with a cursor, as a request parameter. */
    static final String SINCE = "since";

    /** How a stream may be asked for. HEAD is answered without one. */
    static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final String EVENTS = "text/event-stream";

    private SseHeaders() {}

    /** Whether events are asked for by their name, as {@code EventSource} does, and not by a wildcard. */
    static boolean asksForEvents(List<String> accept) {
        return accept.stream().anyMatch(types -> types.toLowerCase(Locale.ROOT).contains(EVENTS));
    }
}
