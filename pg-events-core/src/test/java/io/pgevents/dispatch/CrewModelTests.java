package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgevents.support.Threads;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lincheck runs the threads that signal a crew, and its workers, in many orders of their accesses to shared memory. */
@Timeout(120)
class CrewModelTests {

    private static final int ORDERS = 500;

    /** The work is a counter: whoever adds to it signals afterwards, and a round takes all there is. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void handlesTheWorkOfEverySignal(int size) {
        assertThatCode(() -> Lincheck.runConcurrentTest(ORDERS, () -> twoSignals(size)))
                .doesNotThrowAnyException();
    }

    private static void twoSignals(int size) {
        AtomicInteger work = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Threads workers = new Threads();
        Crew crew = new Crew(size, workers, () -> done.addAndGet(work.getAndSet(0)), () -> {});
        Runnable publisher = () -> {
            work.incrementAndGet();
            crew.signal();
        };
        Threads publishers = new Threads();
        publishers.execute(publisher);
        publisher.run();
        publishers.join();
        workers.join();
        if (done.get() != 2 || !crew.hasRoom()) {
            throw new IllegalStateException("Of the work of two signals is done: " + done);
        }
    }
}
