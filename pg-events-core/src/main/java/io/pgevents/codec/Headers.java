package io.pgevents.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the headers of an event, which a foreign client may have written; what is no text is given as its JSON text. */
public final class Headers {

    private static final Logger log = LoggerFactory.getLogger(Headers.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Headers() {}

    /** The headers of a row; none, and a line in the log, if they cannot be read. */
    public static Map<String, String> read(long id, @Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each : JSON.readTree(json).properties()) {
                JsonNode value = each.getValue();
                headers.put(each.getKey(), value.isTextual() ? value.textValue() : value.toString());
            }
            return headers;
        } catch (JsonProcessingException ex) {
            // An exception would end the whole read, and the next one, for as long as the event is there.
            log.warn("The headers of event {} cannot be read and are left out: {}", id, ex.getOriginalMessage());
            return Map.of();
        }
    }
}
