package io.pgevents.dispatch;

import io.pgevents.PayloadConversionException;
import io.pgevents.dispatch.HandlerCall.Converted;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pass in leased mode; the package documentation has the protocol. Thread-safe. */
final class LeasedPass<T> implements Pass {

    private static final Logger log = LoggerFactory.getLogger(LeasedPass.class);

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
        String owner = leases.newOwner();
        Claimer.Batch batch = store.transaction().execute(status -> claim(owner));
        if (batch.events().isEmpty()) {
            return batch.outcome();
        }
        long begun = System.nanoTime();
        leases.hold(batch.events(), work.settings().lease());
        try {
            handle(batch.events());
        } finally {
            leases.release(batch.events());
        }
        work.claimer().finished(batch);
        work.limit().handled(batch.events().size(), System.nanoTime() - begun);
        return batch.outcome() == Outcome.DRAINED && work.settings().isOrdered() ? Outcome.FULL : batch.outcome();
    }

    private Claimer.Batch claim(String owner) {
        Claimer.Batch batch = work.claimer().claim(work.limit().next());
        if (batch.events().isEmpty()) {
            return batch;
        }
        List<ClaimedEvent> leased =
                store.claims().lease(batch.events(), owner, work.settings().lease());
        return batch.with(leased);
    }

    private void handle(List<ClaimedEvent> events) {
        Progress progress = new Progress();
        if (work.call().isBatch()) {
            handleTogether(events, progress);
        } else {
            events.forEach(event -> handleOne(event, progress));
        }
        reportLost(progress.handled, store.settlements().finishLeased(progress.handled));
        store.settlements().handBack(progress.notBegun);
    }

    private void handleOne(ClaimedEvent event, Progress progress) {
        if (work.stop().isDraining() || progress.isHeldUp(event)) {
            progress.notBegun.add(event);
            return;
        }
        try {
            List<PreparedEvent> next = work.call().handle(List.of(work.call().convert(event)));
            if (next.isEmpty()) {
                progress.handled.add(event);
            } else {
                finishWithNext(List.of(event), next);
            }
        } catch (Throwable ex) {
            failed(event, progress, ex);
        }
    }

    private void handleTogether(List<ClaimedEvent> events, Progress progress) {
        List<Converted<T>> converted = new ArrayList<>(events.size());
        for (ClaimedEvent event : events) {
            try {
                converted.add(work.call().convert(event));
            } catch (PayloadConversionException ex) {
                work.failures().record(event, ex);
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
                finishWithNext(rows, next);
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

    /** The next steps and the end of the events commit together, or not at all if a lease was lost. */
    private void finishWithNext(List<ClaimedEvent> events, List<PreparedEvent> next) {
        store.transaction().executeWithoutResult(status -> {
            Set<Long> ours = store.settlements().finishLeased(events);
            if (ours.size() < events.size()) {
                status.setRollbackOnly();
                reportLost(events, ours);
            } else {
                store.publisher().insert(next);
            }
        });
    }

    private void failed(ClaimedEvent event, Progress progress, Throwable failure) {
        progress.stoppedKeys.add(OrderedClaimer.key(event));
        if (work.stop().isAborting()) {
            progress.notBegun.add(event);
        } else {
            work.failures().record(event, failure);
        }
    }

    private static void reportLost(List<ClaimedEvent> events, Set<Long> ours) {
        for (ClaimedEvent event : events) {
            if (!ours.contains(event.id())) {
                log.warn(
                        "{} was handled, but its lease had ended before: another instance may handle it again",
                        Failures.describe(event));
            }
        }
    }
}
