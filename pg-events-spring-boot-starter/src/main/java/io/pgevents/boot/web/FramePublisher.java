package io.pgevents.boot.web;

import io.pgevents.relay.RelayClient;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/** The frames of one client, as fast as its one subscriber asks for them. Whoever subscribes closes the client. */
final class FramePublisher implements Publisher<DataBuffer>, RelayClient.Connection {

    private final RelayClient client;
    private final DataBufferFactory buffers;
    private final AtomicLong demand = new AtomicLong();
    private final DrainLoop loop = new DrainLoop(this::emit);
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private volatile @Nullable Subscriber<? super DataBuffer> subscriber;
    private volatile boolean aborted;
    private volatile boolean over;

    FramePublisher(RelayClient client, DataBufferFactory buffers) {
        this.client = client;
        this.buffers = buffers;
    }

    @Override
    public void subscribe(Subscriber<? super DataBuffer> only) {
        if (!subscribed.compareAndSet(false, true)) {
            throw new IllegalStateException("The frames of a client go to one subscriber");
        }
        client.attach(this);
        subscriber = only;
        only.onSubscribe(new Demand());
    }

    private final class Demand implements Subscription {

        @Override
        public void request(long count) {
            demand.accumulateAndGet(count, (present, more) -> present + more < 0 ? Long.MAX_VALUE : present + more);
            flow();
        }

        @Override
        public void cancel() {
            over = true;
        }
    }

    /** Called by threads of the relay and by the subscriber's. */
    @Override
    public void flow() {
        loop.visit();
    }

    private void emit() {
        Subscriber<? super DataBuffer> to = subscriber;
        if (aborted && !over && to != null) {
            over = true;
            to.onError(new IOException("The browser takes nothing"));
        }
        while (!over && to != null && demand.get() > 0) {
            byte[] frame = client.poll();
            if (frame == null) {
                if (client.isEnded()) {
                    end();
                }
                return;
            }
            demand.decrementAndGet();
            to.onNext(buffers.wrap(frame));
        }
    }

    private void end() {
        Subscriber<? super DataBuffer> to = subscriber;
        if (!over && to != null) {
            over = true;
            to.onComplete();
        }
    }

    /** The subscriber does not ask for more; the end does not need it to. */
    @Override
    public void abort() {
        aborted = true;
        flow();
    }
}
