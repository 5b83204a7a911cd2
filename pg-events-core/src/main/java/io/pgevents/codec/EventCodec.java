package io.pgevents.codec;

import io.pgevents.InvalidEventException;
import io.pgevents.PayloadConversionException;
import java.lang.reflect.Type;

/**
 * Writes payloads as JSON text and reads them back. Thread-safe. The two implementations, for Jackson 2 and Jackson 3,
 * write the same JSON: dates as ISO texts, unknown properties ignored, no class names; golden files hold them to it.
 */
public interface EventCodec {

    /**
     * The JSON text of a payload.
     *
     * @throws InvalidEventException if the payload cannot be written
     */
    String write(Object payload);

    /**
     * The payload as a value of a type. A {@code String} is the text of a JSON string, or the JSON text of anything
     * else.
     *
     * @throws PayloadConversionException if the JSON does not fit the type
     */
    Object read(String json, Type type);

    /**
     * Checks that a text is JSON.
     *
     * @throws InvalidEventException if it is not; the message says where
     */
    void validate(String json);
}
