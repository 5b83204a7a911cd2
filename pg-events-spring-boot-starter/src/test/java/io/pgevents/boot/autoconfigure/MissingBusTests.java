package io.pgevents.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventPublisher;
import io.pgevents.PgListen;
import io.pgevents.PgSubscribe;
import io.pgevents.boot.support.BusRunner;
import io.pgevents.live.LiveCursor;
import io.pgevents.live.LiveFeed;
import io.pgevents.live.LiveListener;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.relay.RelayStream;
import io.pgevents.runtime.PgEvents;
import io.pgevents.subscription.TopicPattern;
import java.util.Collection;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

@ExtendWith(OutputCaptureExtension.class)
class MissingBusTests {

    private final ApplicationContextRunner runner = BusRunner.withoutDatabase();

    static class Handler {
        @PgSubscribe(topic = "a")
        void on(String text) {}
    }

    static class Listener {
        @PgListen("a")
        void on(String text) {}
    }

    static class QuietFeed implements LiveFeed {
        @Override
        public Registration listen(Collection<TopicPattern> topics, LiveCursor since, LiveListener listener) {
            return () -> {};
        }

        @Override
        public LiveCursor now() {
            return new LiveCursor("");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDataSources {
        @Bean
        DataSource one() {
            return new SimpleDriverDataSource();
        }

        @Bean
        DataSource two() {
            return new SimpleDriverDataSource();
        }
    }

    @Test
    void backsOffWithoutADataSource() {
        runner.run(
                context -> assertThat(context).doesNotHaveBean(PgEvents.class).doesNotHaveBean(EventPublisher.class));
    }

    @Test
    void saysThatThereIsNoDataSource(CapturedOutput output) {
        runner.withBean(Handler.class)
                .run(context -> assertThat(output)
                        .contains("No events are delivered, because there is no DataSource: set spring.datasource.url")
                        .contains("MissingBusTests$Handler.on(String)"));
    }

    @Test
    void saysThatNobodyListens(CapturedOutput output) {
        runner.withBean(Listener.class)
                .run(context -> assertThat(output)
                        .contains("Nobody listens to channels, because there is no DataSource")
                        .contains("These @PgListen methods are not called")
                        .contains("MissingBusTests$Listener.on(String)")
                        .doesNotContain("No events are delivered"));
    }

    @Test
    void saysThatNothingIsStreamed(CapturedOutput output) {
        runner.withBean("orders", RelayStream.class, () -> RelayStream.of("orders", "order.#"))
                .withBean("gate", RelayAuthorizer.class, () -> request -> true)
                .run(context -> assertThat(output)
                        .contains("Nothing is streamed to browsers, because there is no DataSource")
                        .contains("These beans are not used: [orders, gate]")
                        .doesNotContain("No events are delivered"));
    }

    @Test
    void saysNothingOfStreamsWhenTheParentContextHasTheLiveEvents(CapturedOutput output) {
        new ApplicationContextRunner()
                .withBean(LiveFeed.class, QuietFeed::new)
                .run(parent -> runner.withParent(parent)
                        .withBean("orders", RelayStream.class, () -> RelayStream.of("orders", "order.#"))
                        .run(context -> assertThat(output).doesNotContain("Nothing is streamed")));
    }

    @Test
    void saysThatItIsSwitchedOff(CapturedOutput output) {
        runner.withBean(Handler.class)
                .withPropertyValues("pg-events.enabled=false")
                .run(context -> assertThat(output).contains("because pg-events.enabled is false"));
    }

    @Test
    void saysThatThereAreSeveralDataSources(CapturedOutput output) {
        runner.withBean(Handler.class)
                .withUserConfiguration(TwoDataSources.class)
                .run(
                        context -> assertThat(output)
                                .contains(
                                        "because there are 2 DataSource beans and none of them is @Primary: mark one @Primary"));
    }

    @Test
    void saysNothingWhenNobodySubscribes(CapturedOutput output) {
        runner.run(context ->
                assertThat(output).doesNotContain("No events are delivered").doesNotContain("Nothing is streamed"));
    }
}
