package io.pgevents.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent.RawJson;
import io.pgevents.PayloadConversionException;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.stream.Collectors;

/** Writes and reads payloads with Jackson 2, which core brings along. */
public final class Jackson2EventCodec implements EventCodec {

    private final ObjectMapper mapper;

    /** With pinned settings, {@code java.time} and {@code Optional}. */
    public Jackson2EventCodec() {
        this.mapper = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .disable(
                        SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
                        SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                .build();
    }

    @Override
    public String write(Object payload) {
        if (payload instanceof RawJson raw) {
            return raw.json();
        }
        try {
            return mapper.writeValueAsString(payload);
        } catch (JsonProcessingException ex) {
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
                return tree.isTextual() ? tree.textValue() : json;
            }
            return Objects.requireNonNull(
                    mapper.readValue(json, mapper.constructType(type)), "the payload is JSON null");
        } catch (JsonProcessingException | NullPointerException ex) {
            throw new PayloadConversionException(
                    "The payload does not fit " + type.getTypeName() + ": " + problem(ex), ex);
        }
    }

    /** Which property, and what is wrong with it, without Jackson's advice to programmers. */
    private static String problem(Exception ex) {
        if (!(ex instanceof JsonProcessingException json)) {
            return String.valueOf(ex.getMessage());
        }
        Throwable cause = ex instanceof ValueInstantiationException ? ex.getCause() : null;
        String refusal = cause == null ? null : cause.getMessage();
        String message = refusal == null ? json.getOriginalMessage().replaceAll(" \\(set [^)]*\\)", "") : refusal;
        return ex instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
                ? path(mapping) + ": " + message
                : message;
    }

    private static String path(JsonMappingException ex) {
        return ex.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    @Override
    public void validate(String json) {
        try {
            if (mapper.readTree(json).isMissingNode()) {
                throw new InvalidEventException("The payload is empty; it must be a JSON text.");
            }
        } catch (JsonProcessingException ex) {
            throw new InvalidEventException("The payload is not valid JSON: " + ex.getMessage(), ex);
        }
    }
}
