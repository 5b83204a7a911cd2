package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.Notification;
import io.pgevents.PgListen;
import io.pgevents.channel.Channels;
import io.pgevents.codec.Jackson2EventCodec;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.scheduling.annotation.Async;

/** What is refused at start, and with which words. */
class ListenDeclarationTests {

    record Price(String item) {}

    static class NoChannel {
        @PgListen({})
        void on(String text) {}
    }

    static class EmptyChannel {
        @PgListen("${empty:}")
        void on(String text) {}
    }

    static class ReservedChannel {
        @PgListen("pg_events_1")
        void on(String text) {}
    }

    static class LongChannel {
        @PgListen("a.channel.with.a.name.that.is.longer.than.the.server.can.take.it")
        void on(String text) {}
    }

    static class Unresolvable {
        @PgListen("${shop.channel}")
        void on(String text) {}
    }

    static class TwoPayloads {
        @PgListen("a")
        void on(String text, Price price) {}
    }

    static class TwoNotifications {
        @PgListen("a")
        void on(Notification one, Notification two) {}
    }

    static class ReturnsSomething {
        @PgListen("a")
        String on(String text) {
            return text;
        }
    }

    static class NoSuchGap {
        @PgListen(value = "a", onGap = "reload")
        void on(String text) {}

        void reload(String text) {}
    }

    static class BadCapacity {
        @PgListen(value = "a", queueCapacity = "many")
        void on(String text) {}
    }

    static class ZeroCapacity {
        @PgListen(value = "a", queueCapacity = "0")
        void on(String text) {}
    }

    @Scope("request")
    static class RequestScoped {
        @PgListen("a")
        void on(String text) {}
    }

    static class AsyncMethod {
        @PgListen("a")
        @Async
        void on(String text) {}
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(NoChannel.class, "names no channel", "@PgListen(\"prices\")"),
                Arguments.of(EmptyChannel.class, "The name of the channel is empty", "Correct @PgListen"),
                Arguments.of(ReservedChannel.class, "\"pg_events_1\" is reserved", "Correct @PgListen"),
                Arguments.of(LongChannel.class, "64 bytes, but at most 63", "Correct @PgListen"),
                Arguments.of(Unresolvable.class, "\"${shop.channel}\"", "Set the property"),
                Arguments.of(TwoPayloads.class, "takes more than one payload", "Use one parameter"),
                Arguments.of(TwoNotifications.class, "takes a Notification more than once", "Use one parameter"),
                Arguments.of(ReturnsSomething.class, "returns String, which nobody gets", "Return nothing"),
                Arguments.of(NoSuchGap.class, "has no method reload() without parameters", "Add the method"),
                Arguments.of(BadCapacity.class, "queueCapacity = \"many\"", "a whole number"),
                Arguments.of(ZeroCapacity.class, "At least 1 notification", "Correct @PgListen"),
                Arguments.of(RequestScoped.class, "scope \"request\"", "singleton"),
                Arguments.of(AsyncMethod.class, "is @Async", "Remove @Async"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void keepsTheApplicationFromStartingAndSaysWhatToChange(Class<?> mistake, String problem, String remedy) {
        with(Enabled.class, mistake)
                .run(context -> ListenerRunner.failure(context, failure -> {
                    assertThat(failure.description())
                            .contains("The method " + mistake.getTypeName() + ".on(")
                            .contains(problem);
                    assertThat(failure.action()).contains(remedy);
                }));
    }

    static class Fine {
        @PgListen("a")
        void on(String text) {}
    }

    @Test
    void needsTheListeningConnection() {
        with(Disabled.class, Fine.class)
                .run(context -> ListenerRunner.failure(context, failure -> {
                    assertThat(failure.description())
                            .contains("Fine.on(String)")
                            .contains("is annotated with @PgListen, but pg-events.listen.enabled is false");
                    assertThat(failure.action()).contains("Remove pg-events.listen.enabled=false");
                }));
        with(Disabled.class).run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void countsOneListenerForEachMethod() {
        with(Enabled.class, Fine.class)
                .run(context -> assertThat(
                                context.getBean(Channels.class).status().listeners())
                        .isEqualTo(1));
    }

    private static ApplicationContextRunner with(Class<?>... configurations) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class))
                .withUserConfiguration(configurations);
    }

    @Configuration(proxyBeanMethods = false)
    static class Enabled {
        @Bean
        Channels channels() {
            return new Channels(Runnable::run, true);
        }

        @Bean
        AnnotatedListeners annotatedListeners(ConfigurableListableBeanFactory beans, Channels channels) {
            return new AnnotatedListeners(beans, new Jackson2EventCodec(), channels, true);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Disabled {
        @Bean
        AnnotatedListeners annotatedListeners(ConfigurableListableBeanFactory beans) {
            return new AnnotatedListeners(beans, new Jackson2EventCodec(), new Channels(Runnable::run, false), false);
        }
    }
}
