package io.pgevents.channel;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One listener and its channels, and whether it may have missed something. */
final class Listening implements Channels.Registration {

    private final Set<String> channels;
    private final Mailbox mailbox;
    private final Consumer<Listening> removal;
    private final CountDownLatch listened = new CountDownLatch(1);
    private boolean missed;
    private volatile boolean closed;
    private volatile boolean listening;

    Listening(Set<String> channels, Mailbox mailbox, Consumer<Listening> removal) {
        this.channels = channels;
        this.mailbox = mailbox;
        this.removal = removal;
    }

    Set<String> channels() {
        return channels;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    /** The server has taken all channels. Called by the hub's thread, as {@link #interrupted()}. */
    void taken() {
        if (listening) {
            return;
        }
        if (missed) {
            missed = false;
            mailbox.putGap();
        }
        listening = true;
        listened.countDown();
    }

    /** There is no connection; so there will be a gap when there is one again. */
    void interrupted() {
        missed = true;
        listening = false;
    }

    @Override
    public boolean isListening() {
        return listening && !closed;
    }

    @Override
    public boolean awaitListening(Duration atMost) throws InterruptedException {
        return listened.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed = true;
        removal.accept(this);
        mailbox.close();
    }
}
