package io.pgevents.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A profile as a script sees it. */
final class ProfileClient {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String address;

    ProfileClient(int port, String name) {
        this.address = "http://localhost:" + port + "/profile/" + name;
    }

    String address() {
        return address;
    }

    /** The status of the answer. */
    int like() {
        return send("POST", "/likes").statusCode();
    }

    /** Likes as fast as it can, several at the same time; returns the statuses of all answers. */
    List<Integer> like(int times, int atOnce) {
        ExecutorService fingers = Executors.newFixedThreadPool(atOnce);
        try {
            return IntStream.range(0, times)
                    .mapToObj(click -> CompletableFuture.supplyAsync(this::like, fingers))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        } finally {
            fingers.shutdown();
        }
    }

    int follow(String visitor) {
        return send("POST", "/followers?as=" + visitor).statusCode();
    }

    int unfollow(String visitor) {
        return send("DELETE", "/followers?as=" + visitor).statusCode();
    }

    /** The counters as the cache has them. */
    JsonNode counters() {
        return json("/counters");
    }

    long likes() {
        return counters().get("likes").asLong();
    }

    JsonNode json(String path) {
        return JsonMapper.shared().readTree(get(path).body());
    }

    HttpResponse<String> get(String path) {
        return send("GET", path);
    }

    /** What the stream answers, without reading on. */
    HttpResponse<InputStream> stream() {
        try {
            return HTTP.send(
                    request("GET", "/stream")
                            .header("Accept", "text/event-stream")
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private HttpResponse<String> send(String method, String path) {
        try {
            return HTTP.send(request(method, path).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private HttpRequest.Builder request(String method, String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).method(method, HttpRequest.BodyPublishers.noBody());
    }
}
