package io.pgevents.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorsTests {

    @Test
    void tellsWhatAllOfThemGetDoneTogether() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(Processors.together()).isBetween(0.01, 10.0 * processors);
    }
}
