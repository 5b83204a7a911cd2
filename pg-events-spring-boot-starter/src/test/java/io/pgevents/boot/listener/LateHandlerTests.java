package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.PgSubscribe;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Handlers that would return before they have handled, so that the event would count as handled too early. */
class LateHandlerTests {

    record Order(String item) {}

    static class ReturnsFuture {
        @PgSubscribe(topic = "a")
        @Nullable
        CompletableFuture<Void> on(Order order) {
            return null;
        }
    }

    static class ReturnsMono {
        @PgSubscribe(topic = "a")
        Mono<Void> on(Order order) {
            return Mono.empty();
        }
    }

    static class ReturnsFlux {
        @PgSubscribe(topic = "a")
        Flux<Order> on(Order order) {
            return Flux.just(order);
        }
    }

    static class AsyncMethod {
        @PgSubscribe(topic = "a")
        @Async
        void on(Order order) {}
    }

    @Async
    static class AsyncClass {
        @PgSubscribe(topic = "a")
        void on(Order order) {}
    }

    @Async
    @Retention(RetentionPolicy.RUNTIME)
    @interface InTheBackground {}

    static class AsyncByAnotherAnnotation {
        @PgSubscribe(topic = "a")
        @InTheBackground
        void on(Order order) {}
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(ReturnsFuture.class, "the bus does not wait for it", "Do the work in the method"),
                Arguments.of(ReturnsMono.class, "the bus does not wait for it", "Do the work in the method"),
                Arguments.of(ReturnsFlux.class, "the bus does not wait for it", "Do the work in the method"),
                Arguments.of(AsyncMethod.class, "is @Async", "Remove @Async"),
                Arguments.of(AsyncClass.class, "is @Async", "Remove @Async"),
                Arguments.of(AsyncByAnotherAnnotation.class, "is @Async", "Remove @Async"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void keepTheApplicationFromStarting(Class<?> mistake, String problem, String remedy) {
        ListenerRunner.failure(
                failure -> {
                    assertThat(failure.description())
                            .contains("The method " + mistake.getTypeName() + ".on(")
                            .contains(problem);
                    assertThat(failure.action()).contains(remedy);
                },
                mistake);
    }
}
