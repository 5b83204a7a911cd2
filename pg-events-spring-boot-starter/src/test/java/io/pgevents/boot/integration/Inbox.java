package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What handlers got, in order. */
final class Inbox {

    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    void add(Object what) {
        received.add(what);
    }

    /** Waits for the next. */
    Object next() throws InterruptedException {
        Object next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("something received within %d s", PATIENCE_SECONDS).isNotNull();
        return next;
    }

    void assertEmpty() {
        assertThat(received).isEmpty();
    }
}
