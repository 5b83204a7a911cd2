package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.LogCapture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LogCapture.class)
class QueueWatchTests {

    private final QueueWatch watch = new QueueWatch(0.1);

    @Test
    void saysNothingBelowTheThreshold() {
        watch.observe(0);
        watch.observe(0.099);
        assertThat(LogCapture.warnings()).isEmpty();
    }

    @Test
    void warnsOnceAndSaysWhatToDo() {
        watch.observe(0.1);
        watch.observe(0.19);
        watch.observe(0.1);
        assertThat(LogCapture.warnings()).hasSize(1);
        assertThat(LogCapture.warnings().get(0)).contains("10 % full").contains("pg_stat_activity");
    }

    @Test
    void warnsAnewWhenItHasDoubledAndWhenItIsFull() {
        watch.observe(0.2);
        watch.observe(0.4);
        watch.observe(0.7);
        watch.observe(0.8);
        watch.observe(0.99);
        watch.observe(1);
        watch.observe(1);
        assertThat(LogCapture.warnings())
                .extracting(each -> each.replaceAll(".* is (\\d+ % full).*", "$1"))
                .containsExactly("20 % full", "40 % full", "80 % full", "100 % full");
    }

    @Test
    void warnsAnewWhenItFillsAgain() {
        watch.observe(0.5);
        watch.observe(0.01);
        watch.observe(0.3);
        assertThat(LogCapture.warnings()).hasSize(2);
    }
}
