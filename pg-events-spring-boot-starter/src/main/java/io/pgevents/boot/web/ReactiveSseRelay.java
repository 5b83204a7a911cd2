package io.pgevents.boot.web;

import io.pgevents.relay.Relay;
import io.pgevents.relay.RelayClient;
import io.pgevents.relay.RelayRefusedException;
import io.pgevents.relay.RelaySubscription;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.StringUtils;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Streams to a browser from a handler of a WebFlux application, which has decided that the client may have it.
 * Principal and {@code Last-Event-ID} are taken from the request, unless the subscription has them. What was missed,
 * and the snapshot, are read on a thread that may block. Thread-safe.
 */
public final class ReactiveSseRelay {

    private final Relay relay;

    ReactiveSseRelay(Relay relay) {
        this.relay = relay;
    }

    /**
     * A stream, to be returned by the handler; it ends when the browser leaves, and fails with
     * {@link ResponseStatusException} 503 and {@code Retry-After} if there is no room.
     */
    public Mono<Void> open(ServerWebExchange exchange, RelaySubscription subscription) {
        return principal(exchange).flatMap(principal -> stream(exchange, subscription, principal.orElse(null)));
    }

    Mono<Void> openDeclared(ServerWebExchange exchange, String stream, RelayDoor door) {
        if (!HttpMethod.GET.equals(exchange.getRequest().getMethod())) {
            return Mono.error(
                    new MethodNotAllowedException(exchange.getRequest().getMethod(), Set.of(HttpMethod.GET)));
        }
        return principal(exchange)
                .flatMap(principal -> Mono.fromCallable(() -> door.answer(new RelayDoor.Knock(
                                stream, exchange.getRequest().getQueryParams(), principal.orElse(null), exchange)))
                        .subscribeOn(Schedulers.boundedElastic()))
                .flatMap(subscription -> stream(exchange, subscription, subscription.principal()));
    }

    private Mono<Void> stream(
            ServerWebExchange exchange, RelaySubscription subscription, @Nullable Principal principal) {
        RelaySubscription complete = RelayDoor.complete(subscription, principal, lastEventId(exchange.getRequest()));
        ServerHttpResponse response = exchange.getResponse();
        return Mono.fromCallable(() ->
                        relay.open(complete, new SseEncoder(complete.stream().eventName())))
                .subscribeOn(Schedulers.boundedElastic())
                .doOnDiscard(RelayClient.class, ReactiveSseRelay::free)
                .onErrorMap(RelayRefusedException.class, RelayDoor::unavailable)
                .flatMap(client -> {
                    response.getHeaders().setContentType(MediaType.parseMediaType(SseHeaders.CONTENT_TYPE));
                    SseHeaders.ALL.forEach(response.getHeaders()::set);
                    FramePublisher frames = new FramePublisher(client, response.bufferFactory());
                    // Each frame is flushed by itself.
                    return response.writeAndFlushWith(Flux.from(frames).map(Mono::just))
                            .doFinally(signal -> free(client));
                });
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
