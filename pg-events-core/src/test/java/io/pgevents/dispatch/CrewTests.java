package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CrewTests {

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    /** The work is a counter: whoever adds to it signals afterwards, and a round takes all there is. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void losesNoSignalOfManyThreads(int size) throws InterruptedException {
        AtomicLong work = new AtomicLong();
        AtomicLong done = new AtomicLong();
        Crew crew = new Crew(size, executor, () -> done.addAndGet(work.getAndSet(0)), () -> {});
        CountDownLatch producers = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            executor.execute(() -> {
                for (int i = 0; i < 50_000; i++) {
                    work.incrementAndGet();
                    crew.signal();
                }
                producers.countDown();
            });
        }
        assertThat(producers.await(20, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == 200_000);
    }

    /** One signal at a time, each just when the worker of the one before is about to end. */
    @RepeatedTest(3)
    void losesNoSignalThatComesWhileItsWorkerEnds() throws InterruptedException {
        AtomicLong rounds = new AtomicLong();
        Crew crew = new Crew(1, executor, rounds::incrementAndGet, () -> {});
        for (int i = 1; i <= 100_000; i++) {
            crew.signal();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (rounds.get() < i) {
                assertThat(System.nanoTime()).as("round " + i).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void runsNoMoreWorkersThanItsSize() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger rounds = new AtomicInteger();
        Crew crew = new Crew(
                3,
                executor,
                () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    rounds.incrementAndGet();
                    running.decrementAndGet();
                },
                () -> {});
        for (int i = 0; i < 20_000; i++) {
            crew.signal();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> rounds.get() > 0 && running.get() == 0 && crew.hasRoom());
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void worksAgainAfterTheExecutorHasRefusedAWorker() {
        AtomicBoolean refuse = new AtomicBoolean(true);
        AtomicInteger rounds = new AtomicInteger();
        Crew crew = new Crew(
                1,
                task -> {
                    if (refuse.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    executor.execute(task);
                },
                rounds::incrementAndGet,
                () -> {});
        assertThatThrownBy(crew::signal).isInstanceOf(RejectedExecutionException.class);
        assertThat(crew.hasRoom()).isTrue();
        refuse.set(false);
        crew.signal();
        await().atMost(Duration.ofSeconds(20)).until(() -> rounds.get() == 1);
    }

    @Test
    void worksAgainAfterTheSystemHadNoThread() {
        AtomicBoolean refuse = new AtomicBoolean(true);
        AtomicInteger rounds = new AtomicInteger();
        Crew crew = new Crew(
                1,
                task -> {
                    if (refuse.get()) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    executor.execute(task);
                },
                rounds::incrementAndGet,
                () -> {});
        assertThatThrownBy(crew::signal).isInstanceOf(OutOfMemoryError.class);
        refuse.set(false);
        crew.signal();
        await().atMost(Duration.ofSeconds(20)).until(() -> rounds.get() == 1);
    }

    @Test
    void restsAfterTheLastRoundAndNotOnceItIsStopped() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        AtomicInteger rests = new AtomicInteger();
        Crew crew = new Crew(1, tasks::add, () -> {}, rests::incrementAndGet);
        crew.signal();
        tasks.remove().run();
        assertThat(rests).hasValue(1);
        crew.signal();
        crew.stop();
        tasks.remove().run();
        assertThat(rests).hasValue(1);
        crew.signal();
        assertThat(tasks).isEmpty();
    }

    @Test
    void awaitsItsWorkersAndInterruptsThem() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Crew crew = new Crew(
                1,
                executor,
                () -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException ex) {
                        interrupted.set(true);
                    }
                },
                () -> {});
        crew.signal();
        begun.await();
        crew.stop();
        assertThat(crew.awaitEnd(Duration.ofMillis(20))).isFalse();
        crew.interrupt();
        assertThat(crew.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThat(interrupted).isTrue();
    }
}
