package io.pgevents.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPatternTests {

    @ParameterizedTest
    @CsvSource({
        "order.placed, order.placed, true",
        "order.placed, order.placed.twice, false",
        "order.placed, Order.placed, false",
        "order.*, order.placed, true",
        "order.*, order, false",
        "order.*, order.placed.twice, false",
        "order.*, reorder.placed, false",
        "*.placed, order.placed, true",
        "*, order, true",
        "*, order.placed, false",
        "order.#, order, true",
        "order.#, order.placed, true",
        "order.#, order.placed.twice, true",
        "order.#, orders, false",
        "#.placed, placed, true",
        "#.placed, order.placed, true",
        "#.placed, order.misplaced, false",
        "a.#.z, a.z, true",
        "a.#.z, a.b.c.z, true",
        "a.#.z, a.b.c, false",
        "a.*.z, a.z, false",
        "#, anything.at.all, true",
        "größe.*, größe.ä, true",
    })
    void matchesAsAmqpDoes(String pattern, String topic, boolean expected) {
        assertThat(new TopicPattern(pattern).matches(topic)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "order placed",
                "order..placed",
                ".order",
                "order.",
                "order.pl*",
                "**",
                "##",
                "a.(b|c)",
                "a\n"
            })
    void refusesWhatIsNoPattern(String text) {
        assertThatThrownBy(() -> new TopicPattern(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Not a topic or a pattern")
                .hasMessageContaining("# for any number of words");
    }

    @Test
    void refusesTenThousandCharactersAndAbbreviatesThem() {
        assertThat(new TopicPattern("x".repeat(255)).isPattern()).isFalse();
        assertThatThrownBy(() -> new TopicPattern("x".repeat(10_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(10000 characters)")
                .extracting(Throwable::getMessage)
                .satisfies(message -> assertThat(message).hasSizeLessThan(400));
    }

    @Test
    void needsARegularExpressionForPatternsOnly() {
        assertThat(new TopicPattern("a.b").regex()).isNull();
        assertThat(new TopicPattern("a.*.#").regex()).isEqualTo("^\\.a\\.[^.]+(\\.[^.]+)*$");
    }
}
