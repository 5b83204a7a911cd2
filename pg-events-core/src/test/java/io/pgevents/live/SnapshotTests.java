package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTests {

    private static final Snapshot SNAPSHOT = Snapshot.of("10:20:10,14,19");

    @ParameterizedTest
    @ValueSource(strings = {"10:20:10,14,19", "3:3:", "987654321987:987654321999:987654321990"})
    void comesBackFromItsTexts(String text) {
        Snapshot snapshot = Snapshot.of(text);
        assertThat(snapshot.text()).isEqualTo(text);
        assertThat(snapshot.encoded()).matches("[a-z0-9:.]+").hasSizeLessThan(text.length() + 1);
        assertThat(Objects.requireNonNull(Snapshot.decode(snapshot.encoded())).text())
                .isEqualTo(text);
    }

    @Test
    void seesWhatWasOver() {
        assertThat(SNAPSHOT.sees(9)).isTrue();
        assertThat(SNAPSHOT.sees(10)).isFalse();
        assertThat(SNAPSHOT.sees(13)).isTrue();
        assertThat(SNAPSHOT.sees(14)).isFalse();
        assertThat(SNAPSHOT.sees(20)).isFalse();
    }

    @Test
    void coversWhatSeesNoMore() {
        assertThat(SNAPSHOT.covers(SNAPSHOT)).isTrue();
        assertThat(Snapshot.of("14:21:14,19").covers(SNAPSHOT)).isTrue();
        assertThat(SNAPSHOT.covers(Snapshot.of("14:21:14,19"))).isFalse();
        assertThat(Snapshot.of("13:30:13").covers(SNAPSHOT)).isFalse();
    }

    @Test
    void isBehindAHorizonItHasNotReached() {
        assertThat(SNAPSHOT.isBehind(null)).isFalse();
        assertThat(SNAPSHOT.isBehind(10L)).isFalse();
        assertThat(SNAPSHOT.isBehind(11L)).isTrue();
        assertThat(Snapshot.of("20:20:").isBehind(20L)).isFalse();
        assertThat(Snapshot.of("20:20:").isBehind(21L)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "a",
                "a:b:c:d",
                "0:1",
                "-5:1",
                "a:-1",
                "a:5:6",
                "a:5:3.2",
                "a:5:1.1",
                "zzzzzzzzzzzzzzzzz:1",
                "a:5:",
                "a:5:.",
                "1'; DROP TABLE x:1",
                "10:20:10,14",
                "a:1y2p0ij32e8e7"
            })
    void isNotReadFromAnythingElse(String text) {
        assertThat(Snapshot.decode(text)).isNull();
    }

    @Test
    void cursorsInTheMiddleOfAReadComeBack() {
        Position position = Position.at("1f3a9c2e-733", Snapshot.of("10:20:10,14"))
                .beforeAll(Snapshot.of("14:30:14,25"))
                .after(777);
        assertThat(position.cursor().text()).matches("[A-Za-z0-9._:-]+");
        assertThat(Position.of(position.cursor())).isEqualTo(position);
        Position between = Position.at("1f3a9c2e-733", SNAPSHOT);
        assertThat(Position.of(between.cursor())).isEqualTo(between);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:5",
                "_a:5",
                "life_a:5_a:5",
                "life_a:5_a:5_",
                "life_a:5_a:5_1:1",
                "life_a:5_a:5_1_1",
                "life_b:5_a:5_b",
                "life_a:5_a:6_-4",
                "_",
                "life_",
                "a:5_",
                "é",
                "\u0000"
            })
    void otherTextsAreNoCursors(String text) {
        assertThat(Position.of(new LiveCursor(text))).isNull();
    }

    @Test
    void nothingFollowsACursorOfAnotherLifeOrOfTransactionsToCome() {
        LogPage page = new LogPage("life", SNAPSHOT, 10L, List.of(), true);
        assertThat(page.follows(Position.at("life", Snapshot.of("10:19:10,14"))))
                .isTrue();
        assertThat(page.follows(Position.at("another", Snapshot.of("10:19:10,14"))))
                .isFalse();
        assertThat(page.follows(Position.at("life", Snapshot.of("10:21:10,14"))))
                .isFalse();
        assertThat(page.follows(Position.at("life", Snapshot.of("9:19:9,10,14"))))
                .isFalse();
    }

    @Test
    void endlessTextsAreNoCursors() {
        assertThat(Position.of(new LiveCursor("life_a:5:" + "1.".repeat(10_000))))
                .isNull();
    }
}
