package io.pgevents.dispatch;

import io.pgevents.PayloadConversionException;
import io.pgevents.dispatch.HandlerCall.Converted;
import io.pgevents.dispatch.TimeLimit.HandlerTimeoutException;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.retry.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A pass in transactional mode; the package documentation has the protocol. Thread-safe. */
final class TransactionalPass<T> implements Pass {

    private static final long LONGEST_NANOS = Duration.ofSeconds(1).toNanos();

    private final Work<T> work;
    private final Store store;
    private final Caution caution;
    private final Semaphore permits;

    /**
     * A pass of one subscription.
     *
     * @param permits one for each transaction of this instance
     */
    TransactionalPass(Work<T> work, Store store, Caution caution, Semaphore permits) {
        this.work = work;
        this.store = store;
        this.caution = caution;
        this.permits = permits;
    }

    /** What one pass knows; used by its thread only. */
    private static final class Progress {
        private Claimer.Batch batch = Claimer.Batch.NONE;
        private List<ClaimedEvent> toHandle = List.of();
        private List<ClaimedEvent> over = List.of();
        private List<ClaimedEvent> left = List.of();
        private Outcome outcome = Outcome.IDLE;
        private boolean counted;
    }

    @Override
    public Outcome run() {
        try {
            permits.acquire();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return Outcome.IDLE;
        }
        try {
            return work.stop().isDraining() ? Outcome.IDLE : round();
        } finally {
            permits.release();
        }
    }

    private Outcome round() {
        Progress progress = new Progress();
        long begun = System.nanoTime();
        try {
            store.transaction().executeWithoutResult(status -> claimAndHandle(progress));
            if (progress.counted) {
                store.transaction().executeWithoutResult(status -> handleCounted(progress));
                work.claimer().rolledBack(withoutOver(progress));
            }
        } catch (BatchFailed failed) {
            return failed(progress, failed.event(), failed.isAlone(), failed.failure());
        } catch (RuntimeException ex) {
            BatchFailed timedOut = timedOut(ex);
            if (timedOut != null) {
                return failed(progress, timedOut.event(), timedOut.isAlone(), timedOut.failure());
            }
            if (progress.toHandle.isEmpty() || Outage.isOutage(ex)) {
                work.claimer().rolledBack(progress.batch.events());
                caution.connectionLost(progress.toHandle);
                throw ex;
            }
            return failed(progress, progress.toHandle.get(0), progress.toHandle.size() == 1, ex);
        } catch (Error ex) {
            work.claimer().rolledBack(progress.batch.events());
            throw ex;
        } finally {
            caution.leave();
        }
        caution.ended(progress.over);
        work.claimer().rolledBack(progress.left);
        work.claimer().finished(progress.batch.with(progress.over));
        work.limit().handled(progress.over.size(), System.nanoTime() - begun);
        return progress.outcome;
    }

    /**
     * The timeout for which the rollback was, if that failed. On a virtual thread an interrupt closes the connection whose
     * answer is waited for, and that is no outage.
     */
    private static @Nullable BatchFailed timedOut(RuntimeException rollback) {
        for (Throwable each : rollback.getSuppressed()) {
            if (each instanceof BatchFailed batch && batch.failure() instanceof HandlerTimeoutException) {
                return batch;
            }
        }
        return null;
    }

    private void claimAndHandle(Progress progress) {
        Claimer.Batch batch = work.claimer().claim(work.limit().next());
        progress.batch = batch;
        progress.outcome = batch.outcome();
        List<ClaimedEvent> events = withoutExhausted(batch.events());
        if (events.stream().anyMatch(caution::isSuspect)) {
            count(events, progress);
        } else {
            progress.toHandle = events;
            handle(progress);
        }
    }

    private void count(List<ClaimedEvent> events, Progress progress) {
        List<ClaimedEvent> together = caution.enter(events, work.settings().isOrdered());
        if (together.isEmpty()) {
            progress.left = progress.batch.events();
            progress.outcome = Outcome.BUSY;
            return;
        }
        progress.toHandle = store.claims().countAttempts(together);
        progress.counted = true;
        progress.outcome = Outcome.FULL;
    }

    private void handleCounted(Progress progress) {
        progress.toHandle = store.claims().relock(work.scope(), work.settings().isOrdered(), progress.toHandle);
        handle(progress);
    }

    private List<ClaimedEvent> withoutExhausted(List<ClaimedEvent> events) {
        if (events.stream().noneMatch(ClaimedEvent::isExhausted)) {
            return events;
        }
        events.stream().filter(ClaimedEvent::isExhausted).forEach(work.failures()::recordExhausted);
        return events.stream().filter(event -> !event.isExhausted()).toList();
    }

    /** Handles events, inserts the next steps, and finishes what was handled. */
    private void handle(Progress progress) {
        Duration timeout = work.settings().timeout();
        if (timeout != null && !progress.toHandle.isEmpty()) {
            // An interrupt does not end a statement that waits in the server.
            store.claims().limitStatements(timeout);
        }
        List<Converted<T>> converted = convert(progress.toHandle);
        List<PreparedEvent> next = new ArrayList<>();
        List<ClaimedEvent> over = work.call().isBatch() ? handleTogether(converted, next) : handleEach(converted, next);
        store.publisher().insert(next);
        store.settlements().finish(over);
        progress.over = over;
        if (over.size() < converted.size()) {
            progress.left = converted.subList(over.size(), converted.size()).stream()
                    .map(Converted::claimed)
                    .toList();
            progress.outcome = Outcome.FULL;
        }
    }

    private List<Converted<T>> convert(List<ClaimedEvent> events) {
        List<Converted<T>> converted = new ArrayList<>(events.size());
        for (ClaimedEvent event : events) {
            try {
                converted.add(work.call().convert(event));
            } catch (PayloadConversionException ex) {
                work.failures().record(event, ex);
            } catch (Error ex) {
                throw new BatchFailed(event, events.size() == 1, ex);
            }
        }
        return converted;
    }

    private static List<ClaimedEvent> withoutOver(Progress progress) {
        return progress.batch.events().stream()
                .filter(event -> progress.over.stream().noneMatch(done -> done.id() == event.id()))
                .toList();
    }

    private List<ClaimedEvent> handleTogether(List<Converted<T>> events, List<PreparedEvent> next) {
        List<ClaimedEvent> rows = events.stream().map(Converted::claimed).toList();
        if (!events.isEmpty()) {
            try {
                next.addAll(work.call().handle(events));
            } catch (Throwable ex) {
                throw new BatchFailed(rows.get(0), rows.size() == 1, ex);
            }
        }
        return rows;
    }

    private List<ClaimedEvent> handleEach(List<Converted<T>> events, List<PreparedEvent> next) {
        List<ClaimedEvent> over = new ArrayList<>(events.size());
        long begun = System.nanoTime();
        for (Converted<T> event : events) {
            boolean pause = work.stop().isDraining() || System.nanoTime() - begun > LONGEST_NANOS;
            if (pause && !over.isEmpty()) {
                break;
            }
            try {
                next.addAll(work.call().handle(List.of(event)));
            } catch (Throwable ex) {
                throw new BatchFailed(event.claimed(), over.isEmpty(), ex);
            }
            over.add(event.claimed());
        }
        return over;
    }

    private Outcome failed(Progress progress, ClaimedEvent event, boolean alone, Throwable failure) {
        try {
            if (work.stop().isAborting()) {
                return Outcome.IDLE;
            }
            if (alone) {
                store.transaction()
                        .executeWithoutResult(status -> work.failures().record(event, failure));
                caution.ended(List.of(event));
            } else {
                work.limit().careful(progress.toHandle.size());
            }
            return Outcome.FULL;
        } finally {
            // Not before the failure is recorded: the next claim would take the event at once.
            work.claimer().rolledBack(progress.batch.events());
        }
    }
}
