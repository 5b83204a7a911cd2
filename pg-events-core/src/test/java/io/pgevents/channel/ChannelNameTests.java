package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.InvalidEventException;
import org.junit.jupiter.api.Test;

class ChannelNameTests {

    private static void refused(String name, String why) {
        assertThatThrownBy(() -> new ChannelName(name))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining(why);
    }

    @Test
    void quotesWhatNeedsIt() {
        assertThat(new ChannelName("prices").quoted()).isEqualTo("\"prices\"");
        assertThat(new ChannelName("my \"shop\"").quoted()).isEqualTo("\"my \"\"shop\"\"\"");
    }

    @Test
    void takesUpTo63Bytes() {
        assertThat(new ChannelName("x".repeat(63)).text()).hasSize(63);
        assertThat(new ChannelName("ü".repeat(31)).text()).hasSize(31);
        refused("x".repeat(64), "has 64 bytes, but at most 63 are allowed");
        refused("ü".repeat(32), "has 64 bytes");
    }

    @Test
    void refusesWhatTheServerCannotTake() {
        refused("", "The name of the channel is empty");
        refused("a\0b", "NUL character");
        refused("a\uD800", "half of a surrogate pair");
    }

    @Test
    void refusesTheChannelsOfTheBus() {
        refused("pg_events_16384", "reserved");
        assertThat(new ChannelName("pg_event").text()).isEqualTo("pg_event");
        assertThat(new ChannelName("PG_EVENTS_1").text()).isEqualTo("PG_EVENTS_1");
    }
}
