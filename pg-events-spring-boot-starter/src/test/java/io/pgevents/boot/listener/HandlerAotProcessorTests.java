package io.pgevents.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.Event;
import io.pgevents.PgEvent;
import io.pgevents.PgListen;
import io.pgevents.PgSubscribe;
import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowChange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

class HandlerAotProcessorTests {

    record Placed(String item) {}

    @PgEvent("order.reserved")
    record Reserved(String item) {}

    sealed interface Change permits Renamed {}

    record Renamed(String name) implements Change {}

    record Profile(int id) {}

    static class Handler {
        @PgSubscribe(topic = "order.placed")
        Reserved on(List<Event<Placed>> orders) {
            return new Reserved(orders.get(0).payload().item());
        }

        @PgSubscribe(topic = "product.changed")
        void on(Change change) {}

        @PgChanges(table = "profile")
        void changed(RowChange<Profile> change) {}

        @PgSubscribe(topic = "price.changed", broadcast = true, onGap = "reload")
        void price(Placed price) {}

        void reload() {}
    }

    static class Listener {
        @PgListen(value = "placed", onGap = "reload")
        void on(Placed placed) {}

        void reload() {}
    }

    @Test
    void keepsHandlersPayloadsAndResultsReachable() throws NoSuchMethodException {
        RuntimeHints hints = process(Handler.class);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Handler.class.getDeclaredMethod("on", List.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Handler.class.getDeclaredMethod("reload")))
                .accepts(hints);
        for (Class<?> type : List.of(Placed.class, Reserved.class, Renamed.class, Profile.class)) {
            assertThat(RuntimeHintsPredicates.reflection().onType(type))
                    .as(type.getSimpleName())
                    .accepts(hints);
        }
    }

    @Test
    void keepsListenersTheirGapMethodsAndPayloadsReachable() throws NoSuchMethodException {
        RuntimeHints hints = process(Listener.class);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Listener.class.getDeclaredMethod("on", Placed.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Listener.class.getDeclaredMethod("reload")))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(Placed.class)).accepts(hints);
    }

    @Test
    void keepsStatementsAndMigrations() {
        RuntimeHints hints = process(Object.class);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/pgevents/migration/V1__event_queue.sql"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/pgevents/sql/event_queue/claim.sql"))
                .accepts(hints);
    }

    private static RuntimeHints process(Class<?> bean) {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            context.registerBean("handler", bean);
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get("test", "Application")), new InMemoryGeneratedFiles());
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            return generation.getRuntimeHints();
        }
    }
}
