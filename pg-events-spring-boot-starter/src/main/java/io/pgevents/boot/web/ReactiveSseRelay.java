package io.pgevents.boot.web;

import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayClient;
import io.pgevents.relay.RelayRefusedException;
import io.pgevents.relay.RelaySubscription;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.StringUtils;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Streams to a browser from a handler of a WebFlux application, which has decided that the client may have it.
 * Principal and {@code Last-Event-ID} are taken from the request, unless the subscription has them. What was missed,
 * and the snapshot, are read on a thread that may block. Thread-safe.
 */
public final class ReactiveSseRelay {

    private static final Logger log = LoggerFactory.getLogger(ReactiveSseRelay.class);

    private final Relay relay;
    private final UnwrittenTopics unwritten;

    ReactiveSseRelay(Relay relay, UnwrittenTopics unwritten) {
        this.relay = relay;
        this.unwritten = unwritten;
    }

    /**
     * A stream, to be returned by the handler; it ends when the browser leaves. A request with HEAD gets the headers of
     * one. If there is no room, the relay is not running or the database fails, a request that accepts
     * {@code text/event-stream} by name gets an empty stream that has the browser come back later; for others it fails
     * with {@link ResponseStatusException} 503 and {@code Retry-After}. It fails with 405 if the request is neither GET
     * nor HEAD.
     */
    public Mono<Void> open(ServerWebExchange exchange, RelaySubscription subscription) {
        if (HttpMethod.HEAD.equals(exchange.getRequest().getMethod())) {
            describe(exchange.getResponse());
            return exchange.getResponse().setComplete();
        }
        unwritten.check(subscription.stream());
        return requireGet(exchange)
                .then(principal(exchange))
                .flatMap(principal -> stream(exchange, subscription, principal.orElse(null)))
                .onErrorResume(RelayRefusedException.class, ex -> refuse(exchange, ex));
    }

    Mono<Void> openDeclared(ServerWebExchange exchange, String stream, RelayDoor door) {
        return requireGet(exchange)
                .then(principal(exchange))
                .flatMap(principal -> Mono.fromCallable(() -> door.answer(new RelayDoor.Knock(
                                stream, exchange.getRequest().getQueryParams(), principal.orElse(null), exchange)))
                        .subscribeOn(Schedulers.boundedElastic()))
                .flatMap(subscription -> open(exchange, subscription))
                .onErrorResume(RelayRefusedException.class, ex -> refuse(exchange, ex));
    }

    private static Mono<Void> requireGet(ServerWebExchange exchange) {
        HttpMethod method = exchange.getRequest().getMethod();
        return SseHeaders.METHODS.contains(method)
                ? Mono.empty()
                : Mono.error(new MethodNotAllowedException(method, SseHeaders.METHODS));
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, RelayRefusedException reason) {
        if (!SseHeaders.asksForEvents(exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.ACCEPT))) {
            return Mono.error(RelayDoor.unavailable(reason));
        }
        log.debug("A browser is to come back later", reason);
        ServerHttpResponse response = exchange.getResponse();
        describe(response);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(SseEncoder.comeBack())));
    }

    private static void describe(ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.parseMediaType(SseHeaders.CONTENT_TYPE));
        SseHeaders.ALL.forEach(response.getHeaders()::set);
    }

    private Mono<Void> stream(
            ServerWebExchange exchange, RelaySubscription subscription, @Nullable Principal principal) {
        RelaySubscription complete = RelayDoor.complete(subscription, principal, lastEventId(exchange.getRequest()));
        ServerHttpResponse response = exchange.getResponse();
        return Mono.using(
                Disposables::swap,
                place -> Mono.fromCallable(() -> opened(complete, place))
                        .subscribeOn(Schedulers.boundedElastic())
                        .flatMap(client -> {
                            describe(response);
                            FramePublisher frames = new FramePublisher(client, response.bufferFactory());
                            // Each frame is flushed by itself.
                            return response.writeAndFlushWith(Flux.from(frames).map(Mono::just));
                        }),
                Disposable::dispose);
    }

    /** A client is freed through its place: what a callable returns after a cancellation is dropped without a word. */
    private RelayClient opened(RelaySubscription subscription, Disposable.Swap place) {
        RelayClient client =
                relay.open(subscription, new SseEncoder(subscription.stream().eventName()));
        place.update(() -> free(client));
        return client;
    }

    /** Not on the thread of the event loop: giving a registration back may wait for the database. */
    private static void free(RelayClient client) {
        Disposable unused = Schedulers.boundedElastic().schedule(client::close);
    }

    private static Mono<Optional<Principal>> principal(ServerWebExchange exchange) {
        return exchange.getPrincipal().map(Optional::of).defaultIfEmpty(Optional.empty());
    }

    private static @Nullable String lastEventId(ServerHttpRequest request) {
        String header = request.getHeaders().getFirst(SseHeaders.LAST_EVENT_ID);
        return StringUtils.hasText(header) ? header : request.getQueryParams().getFirst(SseHeaders.SINCE);
    }
}
