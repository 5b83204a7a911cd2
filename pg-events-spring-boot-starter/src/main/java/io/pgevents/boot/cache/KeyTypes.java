package io.pgevents.boot.cache;

import io.pgevents.boot.listener.MethodPlace;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;

/** The types of the values that make a key. They have to say what the value of a column is in Java. */
final class KeyTypes {

    private static final Set<Class<?>> WIDE = Set.of(Object.class, Number.class, Serializable.class, Comparable.class);

    private KeyTypes() {}

    /** Those of the parameters of a method, as the class of its bean knows them. */
    static List<Type> ofParameters(MethodPlace place) {
        return Arrays.stream(place.method().getGenericParameterTypes())
                .map(each -> GenericTypeResolver.resolveType(each, place.beanClass()))
                .toList();
    }

    /** Refuses types whose values are read from a row as something else than what the application may look up. */
    static void check(MethodPlace place, List<? extends Type> types) {
        for (Type each : types) {
            if (each instanceof TypeVariable
                    || WIDE.contains(ResolvableType.forType(each).toClass())) {
                throw place.error(
                        "has keys of the type " + each.getTypeName()
                                + ", which does not say what a column is in Java: a 5 may be an Integer or a Long.",
                        "Take the type of the values (long, String, UUID), and let the class of the bean say what a type"
                                + " variable stands for; or leave out the key of @PgCacheEvict, so that every change clears"
                                + " the cache.");
            }
        }
    }
}
