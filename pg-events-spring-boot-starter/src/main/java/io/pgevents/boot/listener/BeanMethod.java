package io.pgevents.boot.listener;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ReflectionUtils;

/**
 * Calls the method of a bean through its proxies. The bean is asked for at each call: a singleton is looked up, a
 * prototype made anew, a lazy bean made at the first call.
 */
public final class BeanMethod {

    private static final Set<String> SHORT_SCOPES = Set.of("request", "session", "websocket");

    private final ConfigurableListableBeanFactory beans;
    private final MethodPlace place;
    private final Map<Class<?>, Method> invocable = new ConcurrentHashMap<>();

    public BeanMethod(ConfigurableListableBeanFactory beans, MethodPlace place) {
        this.beans = beans;
        this.place = place;
    }

    /** Says at start if the method cannot be called on beans of the class Spring expects, or not to its end. */
    public void check() {
        checkScope();
        checkAsync();
        Class<?> type = beans.getType(place.beanName(), false);
        if (type != null) {
            invocableOn(type);
        }
    }

    /** Calls the method; what it throws is thrown as it is. */
    public @Nullable Object call(@Nullable Object[] arguments) throws Exception {
        Object bean = beans.getBean(place.beanName());
        try {
            return invocableOn(bean.getClass()).invoke(bean, arguments);
        } catch (InvocationTargetException ex) {
            ReflectionUtils.rethrowException(ex.getTargetException());
            throw ex;
        }
    }

    private void checkScope() {
        String target = ScopedProxyUtils.getTargetBeanName(place.beanName());
        String defined = beans.containsBeanDefinition(target) ? target : place.beanName();
        if (!beans.containsBeanDefinition(defined)) {
            return;
        }
        String scope = beans.getMergedBeanDefinition(defined).getScope();
        if (scope != null && SHORT_SCOPES.contains(scope)) {
            throw place.error(
                    "belongs to a bean of the scope \"" + scope + "\", but events are handled outside of any " + scope
                            + ".",
                    "Move the method to a singleton bean.");
        }
    }

    private void checkAsync() {
        if (AnnotatedElementUtils.hasAnnotation(place.method(), Async.class)
                || AnnotatedElementUtils.hasAnnotation(place.beanClass(), Async.class)) {
            throw place.error(
                    "is @Async: it would run on another thread, outside of any transaction of the bus, and what it is called"
                            + " for would count as handled before it is.",
                    "Remove @Async from the method and its class: the bus has threads for handlers. Raise concurrency if more"
                            + " should run at a time.");
        }
    }

    private Method invocableOn(Class<?> beanType) {
        return invocable.computeIfAbsent(beanType, this::select);
    }

    private Method select(Class<?> beanType) {
        Method method = selectThroughProxies(beanType);
        boolean subclassProxy = SpringProxy.class.isAssignableFrom(beanType) && !Proxy.isProxyClass(beanType);
        if (subclassProxy && !isOverridable(method, beanType)) {
            throw place.error(
                    "cannot be called on the proxy of its bean, because a proxy cannot override it.",
                    "Make the method public, and neither final nor static.");
        }
        ReflectionUtils.makeAccessible(method);
        return method;
    }

    private Method selectThroughProxies(Class<?> beanType) {
        try {
            return AopUtils.selectInvocableMethod(place.method(), beanType);
        } catch (IllegalStateException ex) {
            throw place.error(
                    "cannot be called on the proxy of its bean: the method is private, or the proxy has the interfaces of the"
                            + " class only and the method is in none of them.",
                    "Make the method public, or declare it in an interface of the bean, or use proxies of the class"
                            + " (proxyTargetClass = true).",
                    ex);
        }
    }

    private static boolean isOverridable(Method method, Class<?> proxy) {
        int modifiers = method.getModifiers();
        if (method.getDeclaringClass().isInterface()) {
            return true;
        }
        if ((modifiers & (Modifier.FINAL | Modifier.STATIC | Modifier.PRIVATE)) != 0) {
            return false;
        }
        boolean visible = (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
        return visible || method.getDeclaringClass().getPackageName().equals(proxy.getPackageName());
    }
}
