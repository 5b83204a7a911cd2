package io.pgevents.boot.listener;

import io.pgevents.Event;
import io.pgevents.OutgoingEvent;
import io.pgevents.codec.EventCodec;
import io.pgevents.subscription.EventHandler;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Handles events with a method of a bean.
 *
 * @param method what is called
 * @param signature what it takes
 * @param codec reads payloads
 */
record MethodEventHandler(BeanMethod method, HandlerSignature signature, EventCodec codec)
        implements EventHandler<Event<Object>> {

    @Override
    public Event<Object> convert(RawEvent event) {
        return signature.payload().read(event, codec);
    }

    @Override
    public List<OutgoingEvent> handle(List<Event<Object>> events) throws Exception {
        return NextSteps.of(method.call(signature.arguments(events)));
    }

    @Override
    public boolean isBatch() {
        return signature.isBatch();
    }

    @Override
    public @Nullable Set<String> knownTypes() {
        return signature.payload().knownTypes();
    }
}
