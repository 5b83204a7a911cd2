package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.queue.ClaimedEvent.Position;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class PositionTests {

    private static final Position FIRST = at("2026-01-01T00:00:00Z", 7);

    @Test
    void comparesByTimeAndThenByRow() {
        assertThat(FIRST)
                .isLessThan(at("2026-01-01T00:00:00.000001Z", 1))
                .isLessThan(at("2026-01-01T00:00:00Z", 8))
                .isGreaterThan(at("2026-01-01T00:00:00Z", 6))
                .isGreaterThan(at("2025-12-31T23:59:59.999999Z", 9))
                .isEqualByComparingTo(at("2026-01-01T01:00:00+01:00", 7));
    }

    @Test
    void startsBeforeEverything() {
        assertThat(Position.START).isLessThan(at("-4000-01-01T00:00:00Z", -1)).isEqualByComparingTo(Position.START);
        assertThat(Position.min(FIRST, Position.START)).isEqualTo(Position.START);
        assertThat(Position.max(FIRST, Position.START)).isEqualTo(FIRST);
    }

    @Test
    void goesBackByOneRow() {
        assertThat(FIRST.justBefore()).isLessThan(FIRST).isEqualTo(at("2026-01-01T00:00:00Z", 6));
    }

    @Test
    void writesTimesAsTheServerReadsThem() {
        assertThat(FIRST.timeText()).isEqualTo("2026-01-01T00:00Z");
        assertThat(Position.START.timeText()).isEqualTo("-infinity");
        assertThat(at("0001-01-01T00:00:00Z", 1).timeText()).isEqualTo("0001-01-01T00:00Z");
        assertThat(at("-3999-01-01T00:00:00Z", 1).timeText()).isEqualTo("-infinity");
        assertThat(at("0000-01-01T00:00:00Z", 1).timeText()).isEqualTo("-infinity");
    }

    private static Position at(String time, long id) {
        return new Position(OffsetDateTime.parse(time), id);
    }
}
