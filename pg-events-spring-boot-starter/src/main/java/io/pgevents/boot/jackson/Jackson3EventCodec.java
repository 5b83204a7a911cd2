package io.pgevents.boot.jackson;

import com.fasterxml.jackson.annotation.JsonFormat.Shape;
import com.fasterxml.jackson.annotation.JsonFormat.Value;
import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent.RawJson;
import io.pgevents.PayloadConversionException;
import io.pgevents.codec.EventCodec;
import java.lang.reflect.Type;
import java.time.Year;
import java.util.Objects;
import java.util.TimeZone;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.StdDateFormat;

/**
 * Writes and reads payloads with Jackson 3: the application's modules, mix-ins and naming, our features. Type
 * information of default typing is never written nor read.
 */
public final class Jackson3EventCodec implements EventCodec {

    private final JsonMapper mapper;

    /** With a copy of the application's mapper; the mapper itself is left as it is. */
    public Jackson3EventCodec(JsonMapper application) {
        this.mapper = application
                .rebuild()
                .deactivateDefaultTyping()
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                        DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
                .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS, SerializationFeature.INDENT_OUTPUT)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                .defaultDateFormat(new StdDateFormat().withZeroOffsetAsZ(false))
                .defaultTimeZone(TimeZone.getTimeZone("UTC"))
                .withConfigOverride(Year.class, year -> year.setFormat(Value.forShape(Shape.STRING)))
                .build();
    }

    @Override
    public String write(Object payload) {
        if (payload instanceof RawJson raw) {
            return raw.json();
        }
        try {
            return mapper.writeValueAsString(payload);
        } catch (JacksonException ex) {
            throw new InvalidEventException(
                    "The payload " + payload.getClass().getName() + " cannot be written as JSON: "
                            + ex.getOriginalMessage(),
                    ex);
        }
    }

    @Override
    public Object read(String json, Type type) {
        try {
            if (type == String.class) {
                JsonNode tree = mapper.readTree(json);
                return tree.isString() ? tree.stringValue() : json;
            }
            Object payload = mapper.readValue(json, mapper.constructType(type));
            return Objects.requireNonNull(payload, "the payload is JSON null");
        } catch (JacksonException | NullPointerException ex) {
            throw new PayloadConversionException(
                    "The payload does not fit " + type.getTypeName() + ": " + problem(ex), ex);
        }
    }

    /** Which property, and what is wrong with it, without Jackson's advice to programmers. */
    private static String problem(RuntimeException ex) {
        if (!(ex instanceof JacksonException json)) {
            return String.valueOf(ex.getMessage());
        }
        Throwable cause = ex instanceof ValueInstantiationException ? ex.getCause() : null;
        String refusal = cause == null ? null : cause.getMessage();
        String message = refusal == null ? json.getOriginalMessage().replaceAll(" \\(set [^)]*\\)", "") : refusal;
        return json.getPath().isEmpty() ? message : path(json) + ": " + message;
    }

    private static String path(JacksonException ex) {
        return ex.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }

    @Override
    public void validate(String json) {
        try {
            if (mapper.readTree(json).isMissingNode()) {
                throw new InvalidEventException("The payload is empty; it must be a JSON text.");
            }
        } catch (JacksonException ex) {
            throw new InvalidEventException("The payload is not valid JSON: " + ex.getMessage(), ex);
        }
    }
}
