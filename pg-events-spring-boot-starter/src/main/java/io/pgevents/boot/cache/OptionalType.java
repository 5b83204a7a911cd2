package io.pgevents.boot.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.util.ClassUtils;

/**
 * A type of a library that need not be there.
 *
 * @param name its full name
 */
record OptionalType(String name) {

    /** Whether it is the class of an object, or a superclass of that. */
    boolean isClassOf(Object object) {
        Class<?> type = object.getClass();
        while (type != null && !type.getName().equals(name)) {
            type = type.getSuperclass();
        }
        return type != null;
    }

    /** By the method of the type, because the class of the object may be a proxy nobody may look into. */
    Object call(Object on, String method) throws ReflectiveOperationException {
        Class<?> declared = ClassUtils.forName(name, on.getClass().getClassLoader());
        Object result = declared.getMethod(method).invoke(declared.cast(on));
        if (result == null) {
            throw new IllegalStateException(name + "." + method + "() gives nothing");
        }
        return result;
    }

    /** Lets a native image call its methods as well. */
    void register(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.reflection().registerTypeIfPresent(classLoader, name, MemberCategory.INVOKE_PUBLIC_METHODS);
    }
}
