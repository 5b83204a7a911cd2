package io.pgevents.boot.listener;

import io.pgevents.PgSubscribe;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.BroadcastSubscription;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;

/** Makes a broadcast subscription of an annotated method, or says what is wrong with it. */
final class BroadcastBinder {

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;

    BroadcastBinder(ConfigurableListableBeanFactory beans, EventCodec codec) {
        this.beans = beans;
        this.codec = codec;
    }

    BroadcastSubscription bind(MethodPlace place) {
        return bind(place, place.annotation(PgSubscribe.class), HandlerSignature.of(place));
    }

    /** With what another annotation has said. */
    BroadcastSubscription bind(MethodPlace place, PgSubscribe annotation, HandlerSignature signature) {
        AnnotationReader reader = new AnnotationReader(place, annotation, new EmbeddedValueResolver(beans));
        check(place, reader.durableAttributes());
        if (signature.isBatch()) {
            throw place.error(
                    "takes a batch, but broadcasts come one by one.",
                    "Take one event: its payload, or an Event of it.");
        }
        String name = reader.subscription();
        MethodPlace gap = GapMethod.find(place, annotation.onGap());
        MethodBroadcastHandler handler =
                new MethodBroadcastHandler(name, called(place), gap == null ? null : called(gap), signature, codec);
        return new BroadcastSubscription(name, reader.topics(), handler);
    }

    private static void check(MethodPlace place, List<String> durable) {
        if (!durable.isEmpty()) {
            throw place.error(
                    "is told by broadcast, for which there is no " + String.join(", ", durable) + ".",
                    "Leave that out, or leave out broadcast = true: a durable subscription has all of it.");
        }
        if (place.method().getReturnType() != void.class) {
            throw place.error(
                    "is told by broadcast and returns something, which every instance would publish.",
                    "Return nothing; publish next steps from a durable subscription.");
        }
    }

    private BeanMethod called(MethodPlace place) {
        BeanMethod method = new BeanMethod(beans, place);
        method.check();
        return method;
    }
}
