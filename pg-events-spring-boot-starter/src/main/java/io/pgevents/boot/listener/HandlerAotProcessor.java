package io.pgevents.boot.listener;

import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/** Keeps handler methods, their payloads and their results reachable by reflection in a native image. */
final class HandlerAotProcessor implements BeanRegistrationAotProcessor {

    private static final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
        Class<?> type = ClassUtils.getUserClass(registeredBean.getBeanClass());
        Set<Method> methods = AnnotatedMethods.ofClass(type);
        if (methods.isEmpty()) {
            return null;
        }
        return (context, code) -> methods.forEach(method ->
                register(new MethodPlace(registeredBean.getBeanName(), type, method), context.getRuntimeHints()));
    }

    private static void register(MethodPlace place, RuntimeHints hints) {
        hints.reflection().registerMethod(place.method(), ExecutableMode.INVOKE);
        Method gap = BroadcastBinder.gapMethod(place);
        if (gap != null) {
            hints.reflection().registerMethod(gap, ExecutableMode.INVOKE);
        }
        binding.registerReflectionHints(hints.reflection(), place.method().getGenericReturnType());
        PayloadType payload = HandlerSignature.of(place).payload();
        if (payload instanceof PayloadType.Sealed sealed) {
            binding.registerReflectionHints(
                    hints.reflection(), sealed.byName().values().toArray(Class<?>[]::new));
        } else if (payload instanceof PayloadType.Fixed fixed) {
            binding.registerReflectionHints(hints.reflection(), fixed.type());
        }
    }
}
