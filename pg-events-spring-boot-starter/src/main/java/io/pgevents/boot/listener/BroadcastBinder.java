package io.pgevents.boot.listener;

import io.pgevents.PgSubscribe;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.BroadcastSubscription;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.util.ReflectionUtils;

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
        MethodBroadcastHandler handler =
                new MethodBroadcastHandler(name, called(place), gapCall(place, annotation.onGap()), signature, codec);
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

    private @Nullable BeanMethod gapCall(MethodPlace place, String onGap) {
        Method method = gapMethod(place, onGap);
        if (method != null) {
            return called(new MethodPlace(place.beanName(), place.beanClass(), method));
        }
        if (!onGap.isEmpty()) {
            throw place.error(
                    "names the method " + onGap + "() for gaps, which its class does not have.",
                    "Correct onGap, or add the method; it takes no parameters.");
        }
        return null;
    }

    /** The method that is told of gaps; null if there is none. */
    static @Nullable Method gapMethod(MethodPlace place, String name) {
        return name.isEmpty() ? null : ReflectionUtils.findMethod(place.beanClass(), name);
    }
}
