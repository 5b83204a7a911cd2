package io.pgevents.boot.web;

import io.pgevents.relay.RelayClient;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response that is written without blocking. Threads of the relay come when there are frames, threads of the container
 * when there is room; one of them works at a time. No lock is held while the container is called, which has locks of its
 * own. After an error the container uses the response for another request as soon as it is done here, so it has to wait
 * until no thread is in it any more.
 */
final class ServletConnection implements RelayClient.Connection, WriteListener, AsyncListener {

    private static final Logger log = LoggerFactory.getLogger(ServletConnection.class);

    /** So many frames, then others have their turn. */
    private static final int TURN = 256;

    /** Far more than anybody needs who does not block. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RelayClient client;
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final DrainLoop loop = new DrainLoop(this::write);
    private volatile boolean over;
    private volatile boolean completed;
    private boolean unflushed;

    ServletConnection(RelayClient client, AsyncContext async, ServletOutputStream out) {
        this.client = client;
        this.async = async;
        this.out = out;
    }

    /** The container calls {@link #onWritePossible()} from now on. */
    void begin() {
        async.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    public void flow() {
        loop.visit();
    }

    private void write() {
        if (completed) {
            return;
        }
        try {
            if (over || !writeFrames()) {
                complete();
            }
        } catch (IOException | RuntimeException ex) {
            log.debug("A browser has left", ex);
            complete();
        } catch (Error ex) {
            log.warn("A response cannot be written and is ended", ex);
            complete();
        }
    }

    /** Writes what is there as long as there is room. False at the end of the stream. */
    private boolean writeFrames() throws IOException {
        for (int i = 0; i < TURN; i++) {
            if (over || !out.isReady()) {
                return !over;
            }
            byte[] frame = client.poll();
            if (frame != null) {
                out.write(frame);
                unflushed = true;
            } else if (unflushed) {
                unflushed = false;
                out.flush();
            } else {
                return !client.isEnded();
            }
        }
        client.yieldTurn();
        return true;
    }

    private void complete() {
        try {
            client.close();
        } finally {
            if (!completed) {
                completed = true;
                completeAsync();
            }
        }
    }

    private void completeAsync() {
        try {
            async.complete();
        } catch (IllegalStateException ex) {
            log.trace("The container has ended the response already", ex);
        }
    }

    private void end() {
        over = true;
        flow();
    }

    @Override
    public void abort() {
        end();
    }

    @Override
    public void onWritePossible() {
        flow();
    }

    @Override
    public void onError(Throwable failure) {
        log.debug("A browser has left, or takes nothing", failure);
        end();
    }

    /** Nobody is waited for: the container may hold a lock that a thread needs to get out of the response. */
    @Override
    public void onComplete(AsyncEvent event) {
        over = true;
        completed = true;
        client.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
        awaitOthers();
    }

    /** The container forgets a completion that came before its error, and would send the request to its page for errors. */
    @Override
    public void onError(AsyncEvent event) {
        end();
        awaitOthers();
        completeAsync();
    }

    private void awaitOthers() {
        if (!loop.awaitOthers(PATIENCE)) {
            log.warn("A thread of the relay is stuck in a response that has ended");
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
