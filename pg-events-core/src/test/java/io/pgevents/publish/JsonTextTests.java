package io.pgevents.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.InvalidEventException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1e131071]",
                "[1E+131071, 2]",
                "{\"n\":1.5e-16382}",
                "[0.1, -1, 1e5, true, false, null]",
                "\"1e999999\"",
                "\"\\\"1e999999\"",
                "\"\\\\\"",
                "\"\\\\ud800\"",
                "\"e1e999999 \\\\\"",
            })
    void acceptsWhatTheServerStores(String json) {
        assertThatCode(() -> JsonText.check(json, "payload")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1e131072]",
                "[-12e131071]",
                "[1e-16384]",
                "[1.5e-16383]",
                "1e99999999999",
                "1e-99999999999",
                "{\"\\\\\":1e999999}",
            })
    void refusesNumbersBeyondNumeric(String json) {
        assertThatThrownBy(() -> JsonText.check(json, "payload"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("number");
    }

    @Test
    void abbreviatesAnEndlessNumber() {
        assertThatThrownBy(() -> JsonText.check("1".repeat(200_000), "payload"))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("number 1111")
                .hasMessageContaining("…")
                .extracting(Throwable::getMessage)
                .satisfies(message -> assertThat(message).hasSizeLessThan(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "äöü", "€", "😀", "a😀€ä\u0001"})
    void countsTheBytesOfUtf8(String text) {
        assertThat(JsonText.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }
}
