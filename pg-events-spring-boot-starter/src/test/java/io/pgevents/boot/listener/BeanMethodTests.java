package io.pgevents.boot.listener;

import static io.pgevents.boot.listener.ListenerRunner.event;
import static io.pgevents.boot.listener.ListenerRunner.handle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.PgSubscribe;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.AliasFor;

class BeanMethodTests {

    interface Contract {
        @PgSubscribe(topic = "a")
        void on(String text);
    }

    static class Implementation implements Contract {
        private final String state = "state";

        @Override
        public void on(String text) {
            Recorder.add(text + " " + state);
        }
    }

    static class PackagePrivate {
        private final String state = "state";

        @PgSubscribe(topic = "a")
        void on(String text) {
            Recorder.add(text + " " + state);
        }
    }

    static class Private {
        @SuppressWarnings("UnusedMethod")
        @PgSubscribe(topic = "a")
        private void on(String text) {
            Recorder.add(text);
        }
    }

    static class Final {
        @PgSubscribe(topic = "a")
        public final void on(String text) {
            Recorder.add(text);
        }
    }

    abstract static class Inherited {
        @PgSubscribe(topic = "a", subscription = "inherited")
        void on(String text) {
            Recorder.add(text + " in " + getClass().getSimpleName());
        }
    }

    static class Heir extends Inherited {}

    @Retention(RetentionPolicy.RUNTIME)
    @PgSubscribe(topic = "orders.#", concurrency = "3")
    @interface OnOrders {
        @AliasFor(annotation = PgSubscribe.class, attribute = "subscription")
        String value();
    }

    static class Composed {
        @OnOrders("composed")
        void on(String text) {}
    }

    @Lazy
    static class LazyOne {
        LazyOne() {
            Recorder.add("created");
        }

        @PgSubscribe(topic = "a")
        void on(String text) {}
    }

    @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
    static class Prototype {
        private static final AtomicInteger CREATED = new AtomicInteger();
        private final int number = CREATED.incrementAndGet();

        @PgSubscribe(topic = "a")
        void on(String text) {
            Recorder.add(number);
        }
    }

    @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
    static class Scoped {
        @PgSubscribe(topic = "a", subscription = "scoped")
        void on(String text) {
            Recorder.add(text);
        }
    }

    @Configuration
    static class EnhancedConfiguration {
        @PgSubscribe(topic = "a")
        void on(String text) {
            Recorder.add(text);
        }
    }

    static class Throwing {
        @PgSubscribe(topic = "a")
        void on(String text) throws IOException {
            throw new IOException(text);
        }
    }

    /** Puts an interceptor around each handler bean. */
    @Configuration(proxyBeanMethods = false)
    static class Proxies {
        @Bean
        static BeanNameAutoProxyCreator autoProxyCreator() {
            BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
            creator.setBeanNames("handler");
            creator.setInterceptorNames("noting");
            return creator;
        }

        @Bean
        static MethodInterceptor noting() {
            return invocation -> {
                Recorder.add("intercepted");
                return invocation.proceed();
            };
        }
    }

    @Test
    void callsThroughAProxyOfTheClass() {
        proxied(PackagePrivate.class).run(context -> {
            assertThat(AopUtils.isCglibProxy(context.getBean("handler"))).isTrue();
            call(context, "hello");
            assertThat(Recorder.takeAll()).containsExactly("intercepted", "hello state");
        });
    }

    @Test
    void callsThroughAProxyOfItsInterfaces() {
        proxied(Implementation.class).run(context -> {
            assertThat(AopUtils.isJdkDynamicProxy(context.getBean("handler"))).isTrue();
            call(context, "hello");
            assertThat(Recorder.takeAll()).containsExactly("intercepted", "hello state");
        });
    }

    @Test
    void callsPrivateMethodsOfPlainBeans() {
        plain(Private.class).run(context -> {
            call(context, "hello");
            assertThat(Recorder.takeAll()).containsExactly("hello");
        });
    }

    @Test
    void refusesPrivateMethodsOfProxiedBeans() {
        proxied(Private.class)
                .run(context -> ListenerRunner.failure(context, failure -> {
                    assertThat(failure.description())
                            .contains("cannot be called on the proxy")
                            .contains("private");
                    assertThat(failure.action()).contains("Make the method public");
                }));
    }

    @Test
    void refusesFinalMethodsOfProxiedBeans() {
        proxied(Final.class)
                .run(context -> ListenerRunner.failure(context, failure -> {
                    assertThat(failure.description()).contains("a proxy cannot override it");
                    assertThat(failure.action()).contains("neither final nor static");
                }));
    }

    @Test
    void findsInheritedMethods() {
        plain(Heir.class).run(context -> {
            call(context, "hello");
            assertThat(Recorder.takeAll()).containsExactly("hello in Heir");
        });
    }

    @Test
    void findsAnnotationsOnOtherAnnotations() {
        plain(Composed.class).run(context -> {
            var subscription = ListenerRunner.subscription(context, "composed");
            assertThat(subscription.settings().concurrency()).isEqualTo(3);
            assertThat(subscription.topics()).extracting("text").containsExactly("orders.#");
        });
    }

    @Test
    void createsALazyBeanWithItsFirstEvent() {
        plain(LazyOne.class).run(context -> {
            assertThat(Recorder.takeAll()).isEmpty();
            call(context, "hello");
            call(context, "hello");
            assertThat(Recorder.takeAll()).containsExactly("created");
        });
    }

    @Test
    void createsAPrototypeForEachEvent() {
        plain(Prototype.class).run(context -> {
            call(context, "hello");
            call(context, "hello");
            assertThat(Recorder.takeAll()).doesNotHaveDuplicates().hasSize(2);
        });
    }

    @Test
    void bindsAScopedBeanOnceThroughItsProxy() {
        ListenerRunner.with()
                .withInitializer(context -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
                .withUserConfiguration(Scoped.class)
                .run(context -> {
                    assertThat(ListenerRunner.subscriptions(context)).hasSize(1);
                    call(context, "hello");
                    assertThat(Recorder.takeAll()).containsExactly("hello");
                });
    }

    @Test
    void callsMethodsOfConfigurationClasses() {
        plain(EnhancedConfiguration.class).run(context -> {
            call(context, "hello");
            assertThat(Recorder.takeAll()).containsExactly("hello");
        });
    }

    @Test
    void throwsWhatTheMethodThrows() {
        plain(Throwing.class)
                .run(context -> assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> call(context, "no disk"))
                        .withMessage("no disk"));
    }

    @Test
    void derivesTheNameFromTheBeanAndTheMethod() {
        plain(PackagePrivate.class)
                .run(context -> assertThat(ListenerRunner.subscriptions(context))
                        .extracting("name")
                        .containsExactly("handler.on"));
    }

    private static <T> ApplicationContextRunner plain(Class<T> type) {
        return ListenerRunner.with().withBean("handler", type);
    }

    private static ApplicationContextRunner proxied(Class<?> type) {
        return plain(type).withUserConfiguration(Proxies.class);
    }

    private static void call(AssertableApplicationContext context, String text) throws Exception {
        handle(ListenerRunner.subscriptions(context).get(0), event(null, '"' + text + '"'));
    }
}
