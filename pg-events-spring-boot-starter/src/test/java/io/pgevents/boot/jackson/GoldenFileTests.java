package io.pgevents.boot.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent.RawJson;
import io.pgevents.PayloadConversionException;
import io.pgevents.codec.EventCodec;
import io.pgevents.codec.Jackson2EventCodec;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ParameterizedTypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Both codecs, and Jackson 3 under an application's mapper that says everything else, write and read the same files.
 */
@ParameterizedClass
@MethodSource("codecs")
class GoldenFileTests {

    @Parameter
    private EventCodec codec;

    static List<EventCodec> codecs() {
        EventCodec jackson2 = new Jackson2EventCodec();
        EventCodec jackson3 = new Jackson3EventCodec(new JsonMapper());
        EventCodec contrary = new Jackson3EventCodec(JsonMapper.builder()
                .enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .defaultTimeZone(TimeZone.getTimeZone("Asia/Tokyo"))
                .defaultDateFormat(new SimpleDateFormat("yyyy", Locale.ROOT))
                .disable(tools.jackson.databind.MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .build());
        return List.of(
                jackson2,
                jackson3,
                contrary,
                new BothTreesEventCodec(jackson2, jackson2, jackson3),
                new BothTreesEventCodec(jackson3, jackson2, jackson3));
    }

    @Test
    void writesTheFile() throws IOException {
        assertThat(codec.write(Sample.order())).isEqualTo(golden("order.json"));
        assertThat(codec.write(Sample.bean())).isEqualTo(golden("bean.json"));
    }

    @Test
    void readsTheFile() throws IOException {
        assertThat(codec.read(golden("order.json"), Sample.Order.class))
                .usingRecursiveComparison()
                .withEqualsForType(ZonedDateTime::isEqual, ZonedDateTime.class)
                .isEqualTo(Sample.order());
        assertThat(codec.read(golden("bean.json"), Sample.Bean.class))
                .usingRecursiveComparison()
                .isEqualTo(Sample.bean());
    }

    @Test
    void ignoresWhatItDoesNotKnow() {
        assertThat(codec.read("{\"sku\":\"b-1\",\"quantity\":2,\"colour\":\"red\"}", Sample.Line.class))
                .isEqualTo(new Sample.Line("b-1", 2, null));
    }

    @Test
    void readsGenericTypes() {
        Type type = new ParameterizedTypeReference<Map<String, List<Sample.Line>>>() {}.getType();
        assertThat(codec.read("{\"Ada\":[{\"sku\":\"b-1\",\"quantity\":2}]}", type))
                .isEqualTo(Map.of("Ada", List.of(new Sample.Line("b-1", 2, null))));
    }

    @Test
    void readsTextsAndJsonAsTexts() {
        assertThat(codec.read("\"plain \\\"text\\\"\"", String.class)).isEqualTo("plain \"text\"");
        assertThat(codec.read("{\"a\":  1}", String.class)).isEqualTo("{\"a\":  1}");
    }

    @Test
    void writesRawJsonAsItIs() {
        assertThat(codec.write(new RawJson("{\"a\":  1}"))).isEqualTo("{\"a\":  1}");
    }

    @Test
    void refusesWhatDoesNotFit() {
        for (String json : List.of("{\"quantity\":\"many\"}", "{\"quantity\":null}", "[1]", "null", "{", "{} {}", "")) {
            assertThatExceptionOfType(PayloadConversionException.class)
                    .as(json)
                    .isThrownBy(() -> codec.read(json, Sample.Line.class))
                    .withMessageContaining(Sample.Line.class.getTypeName());
        }
    }

    @Test
    void refusesWhatIsNoJson() {
        for (String json : List.of("", "   ", "{", "{} {}", "nonsense", "{'a': 1}")) {
            assertThatExceptionOfType(InvalidEventException.class).as(json).isThrownBy(() -> codec.validate(json));
        }
        codec.validate("{\"a\": [1, null, true, \"text\"]}");
        codec.validate("null");
    }

    @Test
    void refusesWhatCannotBeWritten() {
        Object[] cycle = new Object[1];
        cycle[0] = cycle;
        assertThatExceptionOfType(InvalidEventException.class)
                .isThrownBy(() -> codec.write(cycle))
                .withMessageContaining("cannot be written as JSON");
    }

    @Test
    void neverWritesClassNames() {
        EventCodec typed = new Jackson3EventCodec(JsonMapper.builder()
                .activateDefaultTyping(tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator.builder()
                        .allowIfBaseType(Object.class)
                        .build())
                .build());
        assertThat(typed.write(Map.of("any", new Sample.Line("b-1", 2, null)))).doesNotContain("Sample");
    }

    @Test
    void keepsTheNamesOfTheApplication() {
        EventCodec snake = new Jackson3EventCodec(JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build());
        assertThat(snake.write(Map.of("line", new Sample.Line("b-1", 2, "x")))).contains("\"gift_note\"");
    }

    @Test
    void readsAndWritesTreesOfBothGenerations() {
        EventCodec jackson2 = new Jackson2EventCodec();
        EventCodec jackson3 = new Jackson3EventCodec(new JsonMapper());
        for (EventCodec preferred : List.of(jackson2, jackson3)) {
            EventCodec both = new BothTreesEventCodec(preferred, jackson2, jackson3);
            assertThat(both.write(JsonNodeFactory.instance.objectNode().put("a", 1)))
                    .isEqualTo("{\"a\":1}");
            assertThat(both.write(tools.jackson.databind.node.JsonNodeFactory.instance
                            .objectNode()
                            .put("a", 1)))
                    .isEqualTo("{\"a\":1}");
            assertThat(both.read("{\"a\":1}", com.fasterxml.jackson.databind.JsonNode.class))
                    .isInstanceOf(com.fasterxml.jackson.databind.node.ObjectNode.class);
            assertThat(both.read("{\"a\":1}", tools.jackson.databind.JsonNode.class))
                    .isInstanceOf(tools.jackson.databind.node.ObjectNode.class);
        }
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = GoldenFileTests.class.getResourceAsStream("/golden/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
