package io.pgevents.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgevents.PayloadConversionException;
import io.pgevents.capture.RowChange.Metadata;
import io.pgevents.codec.EventCodec;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** Reads the payload of a captured change. Thread-safe. */
public final class RowChangeReader {

    private final RowImage rows;

    /**
     * A reader for one type of rows.
     *
     * @param codec reads records and classes
     * @param rowType what a row is mapped to: a record, or {@code Map}, {@code JsonNode} or {@code String}
     */
    public RowChangeReader(EventCodec codec, Type rowType) {
        this.rows = new RowImage(codec, rowType);
    }

    /**
     * The change in a payload.
     *
     * @param payload the JSON text that the trigger has written
     * @param changedAt when the event was created
     * @throws PayloadConversionException if it is none, if the row could not be captured, or if it does not fit the type
     */
    public RowChange<Object> read(String payload, Instant changedAt) {
        JsonNode change = parse(payload);
        Metadata metadata = new Metadata(
                text(change, "schema"),
                text(change, "table"),
                change.path("key").isNull() ? null : text(change, "key"),
                text(change, "tx"),
                changedAt);
        String problem = change.path("problem").textValue();
        if (problem != null) {
            throw new PayloadConversionException(
                    "A change of " + place(metadata) + " could not be captured: " + problem + ".", null);
        }
        String table = metadata.schema() + "." + metadata.table();
        return switch (text(change, "op")) {
            case "insert" -> new RowChange.Inserted<>(rows.read(row(change, "new"), table), metadata);
            case "update" -> updated(change, table, metadata);
            case "delete" -> new RowChange.Deleted<>(rows.read(row(change, "old"), table), metadata);
            case "truncate" -> new RowChange.Truncated<>(metadata);
            default -> throw notOne("the operation is unknown");
        };
    }

    private RowChange<Object> updated(JsonNode change, String table, Metadata metadata) {
        ObjectNode row = row(change, "new");
        boolean complete = change.path("old").isObject();
        Object oldRow = complete ? rows.read(row(change, "old"), table) : null;
        Set<String> changed = complete ? changed(row(change, "old"), row) : named(change.path("changed"));
        return new RowChange.Updated<>(rows.read(row, table), oldRow, changed, Set.of(), metadata);
    }

    private static Set<String> changed(ObjectNode old, ObjectNode row) {
        Set<String> changed = new TreeSet<>();
        row.properties().stream()
                .filter(each -> !each.getValue().equals(old.get(each.getKey())))
                .forEach(each -> changed.add(each.getKey()));
        return changed;
    }

    private static Set<String> named(JsonNode names) {
        Set<String> all = new TreeSet<>();
        names.forEach(each -> all.add(each.asText()));
        return all;
    }

    private static JsonNode parse(String payload) {
        try {
            return RowImage.JSON.readTree(payload);
        } catch (JsonProcessingException ex) {
            throw new PayloadConversionException("The payload is no JSON: " + ex.getOriginalMessage(), ex);
        }
    }

    private static ObjectNode row(JsonNode change, String name) {
        if (change.path(name) instanceof ObjectNode row) {
            return row;
        }
        throw notOne("\"" + name + "\" is missing");
    }

    private static String text(JsonNode change, String name) {
        String text = change.path(name).textValue();
        if (text == null) {
            throw notOne("\"" + name + "\" is missing");
        }
        return text;
    }

    private static PayloadConversionException notOne(String problem) {
        return new PayloadConversionException("The payload is no captured change: " + problem + ".", null);
    }

    private static String place(Metadata metadata) {
        String key = metadata.key();
        return metadata.schema() + "." + metadata.table() + (key == null ? "" : " with the key " + key);
    }
}
