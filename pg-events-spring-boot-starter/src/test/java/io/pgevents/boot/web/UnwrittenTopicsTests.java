package io.pgevents.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.relay.RelayStream;
import io.pgevents.subscription.TopicPattern;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UnwrittenTopicsTests {

    private final UnwrittenTopics topics =
            new UnwrittenTopics(() -> List.of(new TopicPattern("order.#"), new TopicPattern("change.public.profile")));

    @Test
    void warnsOnceOfATopicThatNothingIsLiveFor(CapturedOutput log) {
        topics.check(RelayStream.of("prices", "price", "order.paid"));
        topics.check(RelayStream.of("prices", "price"));
        assertThat(log).containsOnlyOnce("The stream \"prices\" asks for price").doesNotContain("asks for order.paid");
    }

    @Test
    void saysNothingWhereSomethingMayCome(CapturedOutput log) {
        topics.check(RelayStream.of("all", "order.paid", "order.*", "change.*.profile", "change.#"));
        assertThat(log).doesNotContain("asks for");
    }
}
