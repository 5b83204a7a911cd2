package io.pgevents.boot.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainLoopTests {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private final Semaphore allowed = new Semaphore(0);
    private final DrainLoop loop = new DrainLoop(() -> {
        assertThat(inside.incrementAndGet()).isOne();
        allowed.acquireUninterruptibly();
        done.incrementAndGet();
        inside.decrementAndGet();
    });

    private CompletableFuture<Void> working() {
        CompletableFuture<Void> worker = CompletableFuture.runAsync(loop::visit);
        await().until(() -> inside.get() == 1);
        return worker;
    }

    @Test
    void whoeverComesMeanwhileGoesAndTheWorkIsDoneOnceMore() {
        CompletableFuture<Void> worker = working();
        loop.visit();
        loop.visit();
        allowed.release(10);
        worker.join();
        assertThat(done).hasValue(2);
    }

    @Test
    void othersAreWaitedFor() {
        CompletableFuture<Void> worker = working();
        assertThat(loop.awaitOthers(Duration.ofMillis(20))).isFalse();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> loop.awaitOthers(LONG));
        assertThat(waiting).isNotDone();
        allowed.release();
        assertThat(waiting.join()).isTrue();
        assertThat(inside).hasValue(0);
        worker.join();
    }

    @Test
    void workThatThrowsLeavesTheWayFree() {
        AtomicInteger calls = new AtomicInteger();
        DrainLoop failing = new DrainLoop(() -> {
            if (calls.incrementAndGet() == 1) {
                throw new AssertionError("on purpose");
            }
        });
        assertThatThrownBy(failing::visit).isInstanceOf(AssertionError.class);
        assertThat(failing.awaitOthers(Duration.ZERO)).isTrue();
        failing.visit();
        assertThat(calls).hasValue(2);
    }

    @Test
    void nobodyWaitsForHimself() {
        AtomicReference<DrainLoop> self = new AtomicReference<>();
        AtomicReference<Boolean> answer = new AtomicReference<>();
        self.set(new DrainLoop(() -> answer.set(self.get().awaitOthers(LONG))));
        self.get().visit();
        assertThat(answer).hasValue(true);
    }

    @Test
    void nothingIsWaitedForWhereNobodyIs() {
        allowed.release();
        loop.visit();
        assertThat(loop.awaitOthers(Duration.ZERO)).isTrue();
    }

    @Test
    void noVisitIsLostWhenManyCome() throws InterruptedException {
        AtomicInteger notes = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        DrainLoop busy = new DrainLoop(() -> seen.set(notes.get()));
        int threads = 4;
        CountDownLatch ended = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 50_000; n++) {
                    notes.incrementAndGet();
                    busy.visit();
                }
                ended.countDown();
            });
        }
        ended.await();
        assertThat(busy.awaitOthers(LONG)).isTrue();
        assertThat(seen).hasValue(threads * 50_000);
    }
}
