package io.pgevents.boot.listener;

import io.pgevents.Event;
import io.pgevents.EventMetadata;
import io.pgevents.PayloadConversionException;
import io.pgevents.Priority;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.live.LiveEvent;
import io.pgevents.subscription.EventHandler.RawEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles broadcasts with a method of a bean. A change of a row that cannot be converted is a gap, because it is missed.
 *
 * @param name the subscription
 * @param method what is called
 * @param onGap what is called when events may have been missed; null for nothing
 * @param signature what the method takes
 * @param codec reads payloads
 */
record MethodBroadcastHandler(
        String name, BeanMethod method, @Nullable BeanMethod onGap, HandlerSignature signature, EventCodec codec)
        implements BroadcastSubscription.Handler {

    private static final Logger log = LoggerFactory.getLogger(MethodBroadcastHandler.class);

    @Override
    public void received(LiveEvent event) throws Exception {
        Set<String> known = signature.payload().knownTypes();
        if (known != null && event.type() != null && !known.contains(event.type())) {
            log.debug("{} does not know the type {} and leaves it out", name, event.type());
            return;
        }
        Event<Object> read = read(event);
        if (read != null) {
            method.call(signature.arguments(List.of(read)));
        }
    }

    /** The event; null if there was a gap instead. */
    private @Nullable Event<Object> read(LiveEvent event) throws Exception {
        try {
            return signature.payload().read(raw(event), codec);
        } catch (PayloadConversionException ex) {
            if (!(signature.payload() instanceof PayloadType.Changes)) {
                throw ex;
            }
            log.error("{} cannot be told of a change on {}, so it is told of a gap", name, event.topic(), ex);
            gap();
            return null;
        }
    }

    @Override
    public void gap() throws Exception {
        if (onGap == null) {
            log.debug("{} may have missed events", name);
        } else {
            onGap.call(new Object[0]);
        }
    }

    /** A broadcast is no row of the queue, and has one attempt. */
    private RawEvent raw(LiveEvent event) {
        EventMetadata metadata = new EventMetadata(
                0,
                event.eventId(),
                event.topic(),
                name,
                event.type(),
                event.key(),
                event.headers(),
                Priority.NORMAL,
                1,
                1,
                event.createdAt(),
                event.createdAt());
        return new RawEvent(metadata, event.payload());
    }
}
