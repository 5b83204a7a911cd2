package io.pgevents.boot.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a stream, line by line, and remembers what it got. */
final class SseBrowser implements Flow.Subscriber<String>, AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<HttpResponse<Void>> response;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean ended;

    SseBrowser(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        response = HTTP.sendAsync(
                request.build(), info -> BodyHandlers.fromLineSubscriber(this).apply(info));
    }

    /** The status of a request that is refused. */
    static HttpResponse<String> ask(String url, Consumer<HttpRequest.Builder> more) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        more.accept(request);
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** The values of a field, so far. */
    List<String> values(String field) {
        return fields(field).toList();
    }

    private Stream<String> fields(String field) {
        String prefix = field + ": ";
        return lines.stream().filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length()));
    }

    long count(String line) {
        return lines.stream().filter(line::equals).count();
    }

    boolean isOpen() {
        return lines.contains(": ok");
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        subscription = granted;
        granted.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        lines.add(line);
    }

    @Override
    public void onError(Throwable failure) {
        ended = true;
    }

    @Override
    public void onComplete() {
        ended = true;
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
