package io.pgevents.boot.listener;

import io.pgevents.PgListen;
import io.pgevents.PgSubscribe;
import io.pgevents.capture.PgCachePut;
import io.pgevents.capture.PgChanges;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/** Keeps handlers, listeners, their payloads and their results reachable by reflection in a native image. */
final class HandlerAotProcessor implements BeanRegistrationAotProcessor {

    private static final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
        Class<?> type = ClassUtils.getUserClass(registeredBean.getBeanClass());
        Set<Method> handlers = AnnotatedMethods.ofClass(type, PgSubscribe.class);
        Set<Method> changes = AnnotatedMethods.ofClass(type, PgChanges.class);
        Set<Method> listeners = AnnotatedMethods.ofClass(type, PgListen.class);
        Set<Method> cached = AnnotatedMethods.ofClass(type, PgCachePut.class);
        if (handlers.isEmpty() && changes.isEmpty() && listeners.isEmpty() && cached.isEmpty()) {
            return null;
        }
        String bean = registeredBean.getBeanName();
        return (context, code) -> {
            RuntimeHints hints = context.getRuntimeHints();
            for (Method method : handlers) {
                MethodPlace place = new MethodPlace(bean, type, method);
                registerHandler(place, place.annotation(PgSubscribe.class).onGap(), hints);
            }
            for (Method method : changes) {
                MethodPlace place = new MethodPlace(bean, type, method);
                registerHandler(place, place.annotation(PgChanges.class).onGap(), hints);
            }
            listeners.forEach(method -> registerListener(new MethodPlace(bean, type, method), hints));
            cached.forEach(method -> registerCached(method, hints));
        };
    }

    private static void registerHandler(MethodPlace place, String onGap, RuntimeHints hints) {
        registerMethods(place, onGap, hints);
        binding.registerReflectionHints(hints.reflection(), place.method().getGenericReturnType());
        PayloadType payload = HandlerSignature.of(place).payload();
        if (payload instanceof PayloadType.Sealed sealed) {
            binding.registerReflectionHints(
                    hints.reflection(), sealed.byName().values().toArray(Class<?>[]::new));
        } else if (payload instanceof PayloadType.Fixed fixed) {
            binding.registerReflectionHints(hints.reflection(), fixed.type());
        }
    }

    private static void registerMethods(MethodPlace place, String onGap, RuntimeHints hints) {
        hints.reflection().registerMethod(place.method(), ExecutableMode.INVOKE);
        MethodPlace gap = GapMethod.find(place, onGap);
        if (gap != null) {
            hints.reflection().registerMethod(gap.method(), ExecutableMode.INVOKE);
        }
    }

    private static void registerCached(Method method, RuntimeHints hints) {
        hints.reflection().registerMethod(method, ExecutableMode.INVOKE);
        binding.registerReflectionHints(hints.reflection(), method.getGenericParameterTypes());
    }

    private static void registerListener(MethodPlace place, RuntimeHints hints) {
        registerMethods(place, place.annotation(PgListen.class).onGap(), hints);
        Type payload = ListenSignature.of(place).converted();
        if (payload != null) {
            binding.registerReflectionHints(hints.reflection(), payload);
        }
    }
}
