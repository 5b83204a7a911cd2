package io.pgevents.boot.listener;

import io.pgevents.Notification;
import io.pgevents.codec.EventCodec;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;

/**
 * What a method annotated with {@link io.pgevents.PgListen} takes.
 *
 * @param parameters the type of each: {@link Notification}, {@code String}, or what the payload is converted to
 */
record ListenSignature(List<Type> parameters) {

    private static final String ACTION = "Use one parameter for the payload (String for the text as it was sent, or any"
            + " type that is converted from JSON), a Notification, both, or none.";

    /** Reads the parameters of a method, or says why it cannot be a listener. */
    static ListenSignature of(MethodPlace place) {
        List<Type> types = new ArrayList<>();
        for (Type declared : place.method().getGenericParameterTypes()) {
            types.add(GenericTypeResolver.resolveType(declared, place.beanClass()));
        }
        long notifications = types.stream().filter(Notification.class::equals).count();
        if (notifications > 1) {
            throw place.error("takes a Notification more than once.", ACTION);
        }
        if (types.size() - notifications > 1) {
            throw place.error("takes more than one payload.", ACTION);
        }
        Class<?> result = place.method().getReturnType();
        if (result != void.class) {
            throw place.error(
                    "returns " + result.getSimpleName() + ", which nobody gets.",
                    "Return nothing; publish or send what comes next with EventPublisher or ChannelSender.");
        }
        return new ListenSignature(List.copyOf(types));
    }

    /** What the payload is converted to; null if it is not converted. */
    @Nullable
    Type converted() {
        return parameters.stream()
                .filter(type -> type != Notification.class && type != String.class)
                .findFirst()
                .orElse(null);
    }

    /**
     * The arguments for a call.
     *
     * @throws io.pgevents.PayloadConversionException if the payload is not JSON that fits
     */
    @Nullable
    Object[] arguments(Notification notification, EventCodec codec) {
        return parameters.stream()
                .map(type -> type == Notification.class
                        ? notification
                        : type == String.class ? notification.payload() : codec.read(notification.payload(), type))
                .toArray();
    }
}
