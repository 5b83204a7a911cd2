package io.pgevents.boot.publish;

import io.pgevents.EventPublisher;
import io.pgevents.PgEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/**
 * Stores objects that are annotated with {@link PgEvent} when they are published through Spring's
 * {@code ApplicationEventPublisher}. Runs in the caller's thread, also under an asynchronous multicaster, because only
 * there is the caller's transaction. A refused event is an exception for the caller.
 */
public final class AnnotatedEventStore implements GenericApplicationListener {

    private final EventPublisher publisher;

    public AnnotatedEventStore(EventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public boolean supportsEventType(ResolvableType eventType) {
        return PayloadApplicationEvent.class.isAssignableFrom(eventType.toClass())
                && isAnnotated(
                        eventType.as(PayloadApplicationEvent.class).getGeneric().toClass());
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof PayloadApplicationEvent<?> payload) {
            publisher.publish(payload.getPayload());
        }
    }

    private static boolean isAnnotated(Class<?> type) {
        return MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY).stream(PgEvent.class)
                .anyMatch(annotation -> annotation.getDistance() == 0);
    }
}
