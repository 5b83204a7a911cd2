package io.pgevents.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent.RawJson;
import io.pgevents.PayloadConversionException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Jackson2EventCodecTests {

    private final EventCodec codec = new Jackson2EventCodec();

    /** A payload. */
    public record Order(String item, int quantity, BigDecimal price, Instant at, LocalDate day, Duration within) {}

    private static final Order ORDER = new Order(
            "book",
            2,
            new BigDecimal("9.90"),
            Instant.parse("2026-01-02T03:04:05.123456Z"),
            LocalDate.of(2026, 1, 2),
            Duration.ofMinutes(90));
    private static final String JSON =
            "{\"at\":\"2026-01-02T03:04:05.123456Z\",\"day\":\"2026-01-02\",\"item\":\"book\","
                    + "\"price\":9.90,\"quantity\":2,\"within\":\"PT1H30M\"}";

    @Test
    void writesDatesAsTextsAndPropertiesInOrder() {
        assertThat(codec.write(ORDER)).isEqualTo(JSON);
    }

    @Test
    void readsWhatItWrote() {
        assertThat(codec.read(codec.write(ORDER), Order.class)).isEqualTo(ORDER);
    }

    @Test
    void ignoresPropertiesItDoesNotKnow() {
        assertThat(codec.read(JSON.replace("{\"at\"", "{\"new\":[1],\"at\""), Order.class))
                .isEqualTo(ORDER);
    }

    @Test
    void keepsTheOffsetOfATime() {
        OffsetDateTime time = OffsetDateTime.parse("2026-01-02T03:04:05+05:45");
        assertThat(codec.read(codec.write(time), OffsetDateTime.class)).isEqualTo(time);
    }

    @Test
    void writesRawJsonAsItIs() {
        assertThat(codec.write(new RawJson("{ \"a\" : 1 }"))).isEqualTo("{ \"a\" : 1 }");
    }

    @Test
    void readsATextOrTheJsonText() {
        assertThat(codec.read("\"hello\"", String.class)).isEqualTo("hello");
        assertThat(codec.read("{\"a\": 1}", String.class)).isEqualTo("{\"a\": 1}");
        assertThat(codec.read("null", String.class)).isEqualTo("null");
    }

    @Test
    void readsTreesAndMaps() {
        assertThat(((JsonNode) codec.read("{\"a\": [1]}", JsonNode.class))
                        .at("/a/0")
                        .intValue())
                .isEqualTo(1);
        assertThat(codec.read("{\"a\": [1]}", Map.class)).isEqualTo(Map.of("a", List.of(1)));
    }

    @Test
    void refusesWhatDoesNotFitAndNamesTheType() {
        for (String json :
                List.of("[]", "\"text\"", "{\"quantity\": \"many\"}", "{\"quantity\": null}", "null", "{", "{} {}")) {
            assertThatThrownBy(() -> codec.read(json, Order.class))
                    .as(json)
                    .isInstanceOf(PayloadConversionException.class)
                    .hasMessageContaining(Order.class.getName());
        }
    }

    @Test
    void neverReadsAClassNameFromThePayload() {
        Object read = codec.read("{\"@class\": \"java.io.File\", \"@type\": \"x\"}", Object.class);
        assertThat(read).isEqualTo(Map.of("@class", "java.io.File", "@type", "x"));
    }

    @Test
    void refusesWhatCannotBeWrittenAndNamesTheClass() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("self", circle);
        assertThatThrownBy(() -> codec.write(circle))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("java.util.HashMap cannot be written as JSON");
    }

    @Test
    void saysWhereJsonIsNotValid() {
        assertThatThrownBy(() -> codec.validate("{\"a\": 1,\n  b}"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("line: 2");
        codec.validate("{\"a\": 1}");
    }
}
