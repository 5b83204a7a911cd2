package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgevents.Notification;
import io.pgevents.support.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lincheck runs those who put something into a mailbox, and its deliveries, in many orders of their accesses to shared
 * memory: to insert and to schedule are two sections of the lock.
 */
@Timeout(120)
class MailboxModelTests {

    private static final int ORDERS = 500;

    private final Threads deliveries = new Threads();
    private final List<String> heard = new ArrayList<>();
    private final AtomicInteger listening = new AtomicInteger();
    private final Mailbox mailbox = new Mailbox(new Listener(), 10, deliveries, new LongAdder());

    /** Without a lock of its own: only one delivery runs at a time, and the next one sees what the last has done. */
    private final class Listener implements ChannelListener {

        @Override
        public void onNotification(Notification notification) {
            hear(notification.payload());
        }

        @Override
        public void onGap() {
            hear(Heard.GAP);
        }

        private void hear(String what) {
            if (listening.incrementAndGet() == 1) {
                heard.add(what);
            }
            listening.decrementAndGet();
        }
    }

    private void put(String payload) {
        mailbox.put(new Notification("c", payload, 1));
    }

    @Test
    void deliversWhatTwoPutAtATime() {
        check(() -> new MailboxModelTests().twoPut());
    }

    @Test
    void deliversWhatIsPutWhileAnotherForgetsWhatWaits() {
        check(() -> new MailboxModelTests().putWhileCleared());
    }

    @Test
    void deliversNothingOnceItIsClosedAndIdle() {
        check(() -> new MailboxModelTests().putWhileClosed());
    }

    private static void check(Runnable threads) {
        assertThatCode(() -> Lincheck.runConcurrentTest(ORDERS, threads)).doesNotThrowAnyException();
    }

    private void twoPut() {
        Threads other = new Threads();
        other.execute(mailbox::putGap);
        put("1");
        put("2");
        other.join();
        deliveries.join();
        expect(heard.size() == 3 && heard.contains(Heard.GAP) && heard.indexOf("1") < heard.indexOf("2"));
    }

    private void putWhileCleared() {
        Threads other = new Threads();
        other.execute(mailbox::clear);
        put("1");
        other.join();
        put("2");
        deliveries.join();
        expect(heard.contains("2") && heard.size() <= 2);
    }

    private void putWhileClosed() {
        Threads other = new Threads();
        other.execute(() -> put("1"));
        mailbox.close();
        other.join();
        deliveries.join();
        int before = heard.size();
        put("2");
        deliveries.join();
        expect(before <= 1 && heard.size() == before);
    }

    private void expect(boolean right) {
        if (!right) {
            throw new IllegalStateException("Heard " + heard);
        }
    }
}
