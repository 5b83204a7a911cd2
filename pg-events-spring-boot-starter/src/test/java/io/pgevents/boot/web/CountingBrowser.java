package io.pgevents.boot.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads a stream as fast as it can and only counts, so that there may be many of them. */
final class CountingBrowser implements Flow.Subscriber<String>, AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final CompletableFuture<?> response;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile int events;
    private volatile int gaps;

    CountingBrowser(String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        response = HTTP.sendAsync(
                request, info -> BodyHandlers.fromLineSubscriber(this).apply(info));
    }

    int events() {
        return events;
    }

    int gaps() {
        return gaps;
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        subscription = granted;
        granted.request(Long.MAX_VALUE);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only one thread at a time calls it
    public void onNext(String line) {
        if (line.equals("event: gap")) {
            gaps = gaps + 1;
        } else if (line.startsWith("event: ")) {
            events = events + 1;
        }
    }

    @Override
    public void onError(Throwable failure) {
        gaps = Integer.MAX_VALUE;
    }

    @Override
    public void onComplete() {
        gaps = Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        response.cancel(true);
    }
}
