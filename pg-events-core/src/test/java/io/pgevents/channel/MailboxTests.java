package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.Notification;
import io.pgevents.support.LogCapture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LogCapture.class)
class MailboxTests {

    private final Heard heard = new Heard();
    private final AtomicInteger tries = new AtomicInteger();

    private Mailbox mailbox(Executor executor) {
        return new Mailbox(heard, 10, executor, new LongAdder());
    }

    private static Notification notification(String payload) {
        return new Notification("c", payload, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheExecutorDoesNotTakeIsTriedAgainAlthoughNothingElseComes(boolean error) {
        Mailbox mailbox = mailbox(task -> {
            if (tries.incrementAndGet() <= 2) {
                refuse(error);
            }
            task.run();
        });
        mailbox.put(notification("1"));
        heard.await("1");
        mailbox.putGap();
        mailbox.put(notification("2"));
        heard.await("2");
        assertThat(heard.all()).containsExactly("1", Heard.GAP, "2");
        assertThat(LogCapture.warnings()).hasSize(1);
    }

    @Test
    void aGapIsTriedAgainAsWell() {
        Mailbox mailbox = mailbox(task -> {
            if (tries.incrementAndGet() == 1) {
                refuse(false);
            }
            task.run();
        });
        mailbox.putGap();
        heard.await(Heard.GAP);
    }

    private static void refuse(boolean error) {
        if (error) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        throw new RejectedExecutionException("full");
    }
}
