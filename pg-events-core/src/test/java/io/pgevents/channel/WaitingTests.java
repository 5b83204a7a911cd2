package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgevents.Notification;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WaitingTests {

    private static final Notification GAP = notification("gap");

    private final Waiting<Notification> waiting = new Waiting<>(GAP, 2);

    private static Notification notification(String payload) {
        return new Notification("c", payload, 1);
    }

    private List<String> rest() {
        return Stream.generate(waiting::next)
                .takeWhile(Objects::nonNull)
                .map(each -> GAP.equals(each) ? Heard.GAP : each.payload())
                .toList();
    }

    @Test
    void keepsTheOrder() {
        assertThat(waiting.add(notification("1"))).isTrue();
        assertThat(waiting.add(notification("2"))).isTrue();
        assertThat(rest()).containsExactly("1", "2");
        assertThat(waiting.isEmpty()).isTrue();
    }

    @Test
    void putsAGapInThePlaceOfTheOldest() {
        for (int i = 1; i <= 5; i++) {
            assertThat(waiting.add(notification("" + i))).isEqualTo(i <= 2);
        }
        assertThat(waiting.dropped()).isEqualTo(3);
        assertThat(rest()).containsExactly(Heard.GAP, "4", "5");
    }

    @Test
    void keepsAGapBetweenWhatCameBeforeAndAfterIt() {
        waiting.add(notification("1"));
        waiting.addGap();
        waiting.addGap();
        waiting.add(notification("2"));
        assertThat(rest()).containsExactly("1", Heard.GAP, "2");
    }

    @Test
    void makesOneGapOfTwoThatMeet() {
        waiting.add(notification("1"));
        waiting.addGap();
        waiting.add(notification("2"));
        waiting.add(notification("3"));
        assertThat(rest()).containsExactly(Heard.GAP, "2", "3");
    }

    @Test
    void doesNotCountGapsAsNotifications() {
        waiting.addGap();
        waiting.add(notification("1"));
        waiting.addGap();
        assertThat(waiting.add(notification("2"))).isTrue();
        assertThat(rest()).containsExactly(Heard.GAP, "1", Heard.GAP, "2");
        assertThat(waiting.add(notification("3"))).isTrue();
        waiting.clear();
        assertThat(waiting.isEmpty()).isTrue();
        assertThat(waiting.add(notification("4"))).isTrue();
        assertThat(waiting.add(notification("5"))).isTrue();
        assertThat(rest()).containsExactly("4", "5");
    }

    @Test
    void dropsAsManyAsAreTooLargeTogether() {
        Waiting<Notification> small =
                new Waiting<>(GAP, 10, 4, each -> each.payload().length());
        assertThat(small.add(notification("a"))).isTrue();
        assertThat(small.add(notification("b"))).isTrue();
        assertThat(small.add(notification("cc"))).isTrue();
        assertThat(small.add(notification("dd"))).isFalse();
        assertThat(small.next()).isEqualTo(GAP);
        assertThat(small.next()).isEqualTo(notification("cc"));
        assertThat(small.add(notification("ee"))).isTrue();
        assertThat(small.add(notification("larger than all"))).isFalse();
        assertThat(small.dropped()).isEqualTo(4);
        assertThat(small.next()).isEqualTo(GAP);
        assertThat(small.next()).isEqualTo(notification("larger than all"));
        assertThat(small.next()).isNull();
    }

    @Test
    void needsRoomForOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Waiting<>(GAP, 0))
                .withMessageContaining("At least 1");
    }
}
