package io.pgevents.boot.jackson;

import io.pgevents.codec.EventCodec;
import java.lang.reflect.Type;

/**
 * Lets handlers and publishers use JSON trees of either Jackson, whichever of the two writes and reads everything else.
 *
 * @param preferred for everything that is no tree
 * @param jackson2 for trees of Jackson 2
 * @param jackson3 for trees of Jackson 3
 */
public record BothTreesEventCodec(EventCodec preferred, EventCodec jackson2, EventCodec jackson3)
        implements EventCodec {

    @Override
    public String write(Object payload) {
        return codecFor(payload.getClass()).write(payload);
    }

    @Override
    public Object read(String json, Type type) {
        return codecFor(type).read(json, type);
    }

    @Override
    public void validate(String json) {
        preferred.validate(json);
    }

    private EventCodec codecFor(Type type) {
        if (!(type instanceof Class<?> plain)) {
            return preferred;
        }
        if (com.fasterxml.jackson.core.TreeNode.class.isAssignableFrom(plain)) {
            return jackson2;
        }
        return tools.jackson.core.TreeNode.class.isAssignableFrom(plain) ? jackson3 : preferred;
    }
}
