package io.pgevents.dispatch;

import io.pgevents.PayloadConversionException;
import io.pgevents.PgEventsException;
import io.pgevents.dispatch.HandlerCall.Converted;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.retry.Outage;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;

/** A pass in leased mode; the package documentation has the protocol. Thread-safe. */
final class LeasedPass<T> implements Pass {

    private static final Logger log = LoggerFactory.getLogger(LeasedPass.class);
    private static final Duration SETTLE_PAUSE = Duration.ofMillis(250);
    private static final long LONGEST_NANOS = Duration.ofSeconds(1).toNanos();

    private final Work<T> work;
    private final Store store;
    private final Leases leases;

    LeasedPass(Work<T> work, Store store, Leases leases) {
        this.work = work;
        this.store = store;
        this.leases = leases;
    }

    /** What one pass knows; used by its thread only. */
    private final class Progress {
        private final List<ClaimedEvent> handled = new ArrayList<>();
        private final List<ClaimedEvent> notBegun = new ArrayList<>();
        private final Set<String> stoppedKeys = new HashSet<>();
        private final long begunAt = System.nanoTime();
        private int begun;

        /** Whether slow events of this batch hold up the others, which another worker may have time for. */
        private boolean isTooLong() {
            return begun > 0 && System.nanoTime() - begunAt > LONGEST_NANOS;
        }

        /** Whether an earlier event of the same key has failed and holds it up. */
        private boolean isHeldUp(ClaimedEvent event) {
            return work.settings().order() == Order.KEY && stoppedKeys.contains(OrderedClaimer.key(event));
        }
    }

    @Override
    public Outcome run() {
        if (work.stop().isDraining()) {
            return Outcome.IDLE;
        }
        Claimer.Batch batch = claim(leases.newOwner());
        if (batch.events().isEmpty()) {
            return batch.outcome();
        }
        long begun = System.nanoTime();
        Progress progress = new Progress();
        try {
            handle(withoutExhausted(batch.events()), progress);
        } finally {
            leases.release(batch.events());
        }
        work.claimer().finished(batch);
        work.limit().handled(batch.events().size(), System.nanoTime() - begun);
        boolean goOn = work.settings().isOrdered() || !progress.notBegun.isEmpty();
        return batch.outcome() == Outcome.DRAINED && goOn ? Outcome.FULL : batch.outcome();
    }

    private Claimer.Batch claim(String owner) {
        List<ClaimedEvent> claimed = new ArrayList<>();
        long begun = System.nanoTime();
        try {
            Claimer.Batch batch = Objects.requireNonNull(store.transaction().execute(status -> claim(owner, claimed)));
            leases.hold(batch.events(), work.settings().lease(), begun);
            return batch;
        } catch (RuntimeException | Error ex) {
            work.claimer().rolledBack(claimed);
            throw ex;
        }
    }

    private Claimer.Batch claim(String owner, List<ClaimedEvent> claimed) {
        Claimer.Batch batch = work.claimer().claim(work.limit().next());
        if (batch.events().isEmpty()) {
            return batch;
        }
        claimed.addAll(batch.events());
        List<ClaimedEvent> leased =
                store.claims().lease(batch.events(), owner, work.settings().lease());
        return batch.with(leased);
    }

    private List<ClaimedEvent> withoutExhausted(List<ClaimedEvent> events) {
        if (events.stream().noneMatch(ClaimedEvent::isExhausted)) {
            return events;
        }
        events.stream()
                .filter(ClaimedEvent::isExhausted)
                .forEach(event -> settle(() -> work.failures().recordExhausted(event)));
        return events.stream().filter(event -> !event.isExhausted()).toList();
    }

    private void handle(List<ClaimedEvent> events, Progress progress) {
        if (work.call().isBatch()) {
            handleTogether(events, progress);
        } else {
            events.forEach(event -> handleOne(event, progress));
        }
        finish(progress);
        settle(() -> store.settlements().handBack(progress.notBegun));
    }

    private void finish(Progress progress) {
        settle(() -> reportLost(progress.handled, store.settlements().finishLeased(progress.handled)));
        progress.handled.clear();
    }

    /**
     * Writes what became of events. While the database is away the leases cannot end, so this waits for it; and at a
     * stricter isolation level than ours a renewal gets into the way.
     */
    private void settle(Runnable write) {
        while (true) {
            try {
                write.run();
                return;
            } catch (RuntimeException ex) {
                boolean passes = Outage.isOutage(ex) || ex instanceof ConcurrencyFailureException;
                if (!passes || work.stop().awaitAbort(SETTLE_PAUSE)) {
                    throw ex;
                }
                log.debug("The end of events of {} cannot be written yet", work.scope(), ex);
            }
        }
    }

    private void handleOne(ClaimedEvent event, Progress progress) {
        if (work.stop().isDraining() || progress.isHeldUp(event) || progress.isTooLong()) {
            progress.notBegun.add(event);
            return;
        }
        if (!leases.holds(event)) {
            reportLost(List.of(event), Set.of());
            progress.stoppedKeys.add(OrderedClaimer.key(event));
            return;
        }
        progress.begun++;
        try {
            List<PreparedEvent> next = work.call().handle(List.of(work.call().convert(event)));
            if (next.isEmpty()) {
                progress.handled.add(event);
            } else {
                settle(() -> finishWithNext(List.of(event), next, progress));
            }
        } catch (Throwable ex) {
            failed(event, progress, ex);
        }
    }

    private void handleTogether(List<ClaimedEvent> events, Progress progress) {
        List<Converted<T>> converted = new ArrayList<>(events.size());
        for (ClaimedEvent event : events) {
            if (progress.isHeldUp(event)) {
                progress.notBegun.add(event);
                continue;
            }
            try {
                converted.add(work.call().convert(event));
            } catch (PayloadConversionException ex) {
                settle(() -> work.failures().record(event, ex));
            } catch (Error ex) {
                failed(event, progress, ex);
            }
        }
        if (converted.isEmpty()) {
            return;
        }
        List<ClaimedEvent> rows = converted.stream().map(Converted::claimed).toList();
        try {
            List<PreparedEvent> next = work.call().handle(converted);
            if (next.isEmpty()) {
                progress.handled.addAll(rows);
            } else {
                settle(() -> finishWithNext(rows, next, progress));
            }
        } catch (Throwable ex) {
            if (rows.size() == 1) {
                failed(rows.get(0), progress, ex);
            } else {
                log.debug("A batch of {} events of {} failed; each is handled alone", rows.size(), work.scope(), ex);
                rows.forEach(event -> handleOne(event, progress));
            }
        }
    }

    /**
     * The next steps and the end of the events commit together, or not at all if a lease was lost. The steps come
     * first: an insert may wait for others, and must not hold the rows meanwhile, whose leases are to be renewed.
     */
    private void finishWithNext(List<ClaimedEvent> events, List<PreparedEvent> next, Progress progress) {
        Set<Long> ours = Objects.requireNonNull(store.transaction().execute(status -> {
            store.publisher().insert(next);
            Set<Long> finished = store.settlements().finishLeased(events);
            if (finished.size() < events.size()) {
                status.setRollbackOnly();
            }
            return finished;
        }));
        if (ours.size() < events.size()) {
            reportLost(events, ours);
            PgEventsException failure = new PgEventsException(
                    "The lease of another event of the batch was lost, so its next steps were not published.");
            events.stream()
                    .filter(event -> ours.contains(event.id()))
                    .forEach(event -> failed(event, progress, failure));
        }
    }

    private void failed(ClaimedEvent event, Progress progress, Throwable failure) {
        progress.stoppedKeys.add(OrderedClaimer.key(event));
        if (work.settings().isOrdered()) {
            // Or a crash could have an earlier event of the key handled again after this one is over.
            finish(progress);
        }
        if (work.stop().isAborting()) {
            progress.notBegun.add(event);
        } else {
            settle(() -> work.failures().record(event, failure));
        }
    }

    private static void reportLost(List<ClaimedEvent> events, Set<Long> ours) {
        for (ClaimedEvent event : events) {
            if (!ours.contains(event.id())) {
                log.warn(
                        "The lease of {} had ended before its handling: another instance may handle it as well",
                        Failures.describe(event));
            }
        }
    }
}
