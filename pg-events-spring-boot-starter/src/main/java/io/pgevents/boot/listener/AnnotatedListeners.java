package io.pgevents.boot.listener;

import io.pgevents.InvalidEventException;
import io.pgevents.PgEventsStartException;
import io.pgevents.PgListen;
import io.pgevents.channel.Channels;
import io.pgevents.codec.EventCodec;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;

/**
 * The bean methods annotated with {@link PgListen}, as listeners of their channels. They are bound after all singletons
 * are there; a mistake in one of them is a {@link PgEventsStartException}, and the application does not start.
 */
public final class AnnotatedListeners implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;
    private final Channels channels;
    private final boolean enabled;

    /**
     * The listeners of a context.
     *
     * @param beans where they are
     * @param codec reads payloads
     * @param channels where they listen
     * @param enabled whether there is a listening connection; without it no method may be annotated
     */
    public AnnotatedListeners(
            ConfigurableListableBeanFactory beans, EventCodec codec, Channels channels, boolean enabled) {
        this.beans = beans;
        this.codec = codec;
        this.channels = channels;
        this.enabled = enabled;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<MethodPlace> places =
                new AnnotatedMethods(beans, PgListen.class).find().toList();
        places.forEach(this::bind);
    }

    private void bind(MethodPlace place) {
        if (!enabled) {
            throw place.error(
                    "is annotated with @PgListen, but pg-events.listen.enabled is false: there is no connection that"
                            + " could listen.",
                    "Remove pg-events.listen.enabled=false, or the annotation.");
        }
        PgListen annotation = place.annotation(PgListen.class);
        Placeholders attributes = new Placeholders(place, new EmbeddedValueResolver(beans));
        MethodChannelListener listener = listener(place, annotation.onGap());
        Integer capacity = attributes
                .attribute("queueCapacity", annotation.queueCapacity())
                .wholeNumber();
        try {
            channels.listen(
                    names(place, annotation, attributes),
                    capacity == null ? Channels.DEFAULT_CAPACITY : capacity,
                    listener);
        } catch (InvalidEventException ex) {
            throw place.error("has an invalid channel. " + ex.getMessage(), "Correct @PgListen(\"...\").", ex);
        } catch (IllegalArgumentException ex) {
            throw place.error("has an invalid queueCapacity. " + ex.getMessage() + ".", "Correct @PgListen.", ex);
        }
    }

    private MethodChannelListener listener(MethodPlace place, String onGap) {
        ListenSignature signature = ListenSignature.of(place);
        MethodPlace gap = GapMethod.find(place, onGap);
        return new MethodChannelListener(place, method(place), gap == null ? null : method(gap), signature, codec);
    }

    private BeanMethod method(MethodPlace place) {
        BeanMethod method = new BeanMethod(beans, place);
        method.check();
        return method;
    }

    private static Set<String> names(MethodPlace place, PgListen annotation, Placeholders attributes) {
        Set<String> names = Arrays.stream(annotation.value())
                .map(text -> attributes.resolve("value", text))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (names.isEmpty()) {
            throw place.error("names no channel.", "Say which one it listens to: @PgListen(\"prices\").");
        }
        return names;
    }
}
