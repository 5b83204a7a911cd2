package io.pgevents.boot.listener;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/** The method that an attribute {@code onGap} names. */
final class GapMethod {

    private GapMethod() {}

    /** The method of the same bean, which takes nothing; null if none is named. */
    static @Nullable MethodPlace find(MethodPlace place, String name) {
        if (name.isEmpty()) {
            return null;
        }
        Method found = ReflectionUtils.findMethod(place.beanClass(), name);
        if (found == null) {
            throw place.error(
                    "is annotated with onGap = \"" + name + "\", but its bean has no method " + name
                            + "() without parameters.",
                    "Add the method, or correct the name.");
        }
        return new MethodPlace(place.beanName(), place.beanClass(), found);
    }
}
