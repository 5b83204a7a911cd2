package io.pgevents.boot.listener;

import io.pgevents.Event;
import io.pgevents.EventMetadata;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;

/**
 * What a handler method takes.
 *
 * @param parameters what each parameter gets
 * @param payload how payloads are read
 */
record HandlerSignature(List<Parameter> parameters, PayloadType payload) {

    private static final String ACTION =
            "Use one parameter for the payload (a record, a class, Map, String or a JSON tree)"
                    + " or Event<T>, and optionally EventMetadata beside it; for a batch use List<T> or List<Event<T>>.";

    /** What a parameter of a handler method gets. */
    enum Parameter {
        PAYLOAD,
        EVENT,
        METADATA,
        PAYLOADS,
        EVENTS;

        boolean isBatch() {
            return this == PAYLOADS || this == EVENTS;
        }
    }

    boolean isBatch() {
        return parameters.stream().anyMatch(Parameter::isBatch);
    }

    /** The arguments for a call with the given events, one unless this is a batch. */
    @Nullable
    Object[] arguments(List<Event<Object>> events) {
        return parameters.stream()
                .map(parameter -> switch (parameter) {
                    case PAYLOAD -> events.get(0).payload();
                    case EVENT -> events.get(0);
                    case METADATA -> events.get(0).metadata();
                    case PAYLOADS -> events.stream().map(Event::payload).toList();
                    case EVENTS -> List.copyOf(events);
                })
                .toArray();
    }

    /** Reads the parameters of a method, or says why it cannot be a handler. */
    static HandlerSignature of(MethodPlace place) {
        Type[] types = place.method().getGenericParameterTypes();
        List<Parameter> parameters = new ArrayList<>();
        PayloadType payload = null;
        for (Type declared : types) {
            Type type = GenericTypeResolver.resolveType(declared, place.beanClass());
            Parameter parameter = parameterOf(type);
            parameters.add(parameter);
            if (parameter == Parameter.METADATA) {
                continue;
            }
            if (payload != null) {
                throw place.error("takes more than one payload.", ACTION);
            }
            payload = payloadType(place, payloadOf(place, type, parameter));
        }
        if (payload == null) {
            throw place.error("takes no payload.", ACTION);
        }
        HandlerSignature signature = new HandlerSignature(List.copyOf(parameters), payload);
        signature.check(place);
        return signature;
    }

    private void check(MethodPlace place) {
        long metadata = parameters.stream().filter(Parameter.METADATA::equals).count();
        if (metadata > 1) {
            throw place.error("takes EventMetadata more than once.", ACTION);
        }
        if (metadata == 1 && isBatch()) {
            throw place.error(
                    "takes a batch and one EventMetadata, but each event of a batch has its own.",
                    "Use List<Event<T>>: each Event has its metadata and its payload.");
        }
    }

    private static Parameter parameterOf(Type type) {
        Class<?> raw = ResolvableType.forType(type).toClass();
        if (raw == EventMetadata.class) {
            return Parameter.METADATA;
        }
        if (raw == Event.class) {
            return Parameter.EVENT;
        }
        if (raw != List.class) {
            return Parameter.PAYLOAD;
        }
        Class<?> element = ResolvableType.forType(type).getGeneric(0).toClass();
        return element == Event.class ? Parameter.EVENTS : Parameter.PAYLOADS;
    }

    private static Type payloadOf(MethodPlace place, Type type, Parameter parameter) {
        return switch (parameter) {
            case EVENT, PAYLOADS -> argument(place, type);
            case EVENTS -> argument(place, argument(place, type));
            default -> type;
        };
    }

    private static Type argument(MethodPlace place, Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Type declared = bound(parameterized.getActualTypeArguments()[0]);
            Type argument = GenericTypeResolver.resolveType(declared, place.beanClass());
            if (ResolvableType.forType(argument).resolve() != null) {
                return argument;
            }
        }
        throw place.error(
                "takes " + type.getTypeName() + ", which does not say the type of the payload.",
                "Say it, for example List<Order>, Event<Order> or List<Event<Order>>.");
    }

    /** What a wildcard stands for, which Kotlin writes for {@code List<Step>}. One without a bound stands for nothing. */
    private static Type bound(Type argument) {
        if (argument instanceof WildcardType wildcard) {
            Type[] lower = wildcard.getLowerBounds();
            Type bound = lower.length > 0 ? lower[0] : wildcard.getUpperBounds()[0];
            return bound == Object.class ? argument : bound;
        }
        return argument;
    }

    private static PayloadType payloadType(MethodPlace place, Type type) {
        if (ResolvableType.forType(type).resolve() == EventMetadata.class) {
            throw place.error("takes EventMetadata where the payload is expected.", ACTION);
        }
        if (type instanceof Class<?> plain) {
            Map<String, Class<?>> permitted = EventTypes.permitted(plain, place);
            if (permitted != null) {
                return new PayloadType.Sealed(plain, permitted);
            }
        }
        return new PayloadType.Fixed(type);
    }
}
