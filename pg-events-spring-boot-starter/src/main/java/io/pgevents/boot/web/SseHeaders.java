package io.pgevents.boot.web;

import java.util.Map;

/** What a stream says about itself: nobody between here and the browser is to keep, collect or compress it. */
final class SseHeaders {

    static final String CONTENT_TYPE = "text/event-stream;charset=UTF-8";
    static final Map<String, String> ALL = Map.of("Cache-Control", "no-cache, no-transform", "X-Accel-Buffering", "no");

    /** Where the browser was; it sends it by itself when it reconnects. */
    static final String LAST_EVENT_ID = "Last-Event-ID";

    /** The same for a page that was rendered with a cursor, as a request parameter. */
    static final String SINCE = "since";

    private SseHeaders() {}
}
