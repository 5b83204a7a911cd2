package io.pgevents.benchmark.peers;

import com.gruelbox.transactionoutbox.DefaultInvocationSerializer;
import com.gruelbox.transactionoutbox.DefaultPersistor;
import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import io.pgevents.benchmark.contestant.Effects;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** gruelbox's outbox: an event is a stored call of {@link Listener#on}, made in the transaction that deletes it. */
final class GruelboxOutbox {

    static final String VERSION = Versions.of("gruelbox");
    static final Duration DELAY = Duration.ofMinutes(2);

    private final ThreadLocalContextTransactionManager transactions;
    private final TransactionOutbox outbox;

    /**
     * Opens the outbox, and creates its tables.
     *
     * @param clock tells when {@link #DELAY} is over, before which a flush leaves an event alone that was stored or
     *     submitted
     */
    GruelboxOutbox(DataSource pool, Submitter submitter, Clock clock, Receipts receipts) {
        transactions = TransactionManager.fromDataSource(pool);
        Listener listener = payload -> handle(payload, receipts);
        outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(DefaultPersistor.builder()
                        .dialect(Dialect.POSTGRESQL_9)
                        .serializer(DefaultInvocationSerializer.builder()
                                .serializableTypes(Set.of(Payload.class))
                                .build())
                        .build())
                .instantiator(Instantiator.using(type -> listener))
                .submitter(submitter)
                .attemptFrequency(DELAY)
                .clockProvider(() -> clock)
                .build();
    }

    /** Stores events; their insertions are one batch at the end of the transaction. */
    void publish(int first, int count) {
        transactions.inTransaction(() -> {
            Listener scheduled = outbox.schedule(Listener.class);
            for (int number = first; number < first + count; number++) {
                scheduled.on(Payload.of(number));
            }
        });
    }

    /** Submits events whose delay is over; false if there were none. */
    boolean flush() {
        return outbox.flush();
    }

    private void handle(Payload payload, Receipts receipts) {
        receipts.received(payload.number());
        try {
            transactions.requireTransaction(transaction -> Effects.write(transaction.connection(), List.of(payload)));
        } catch (SQLException failure) {
            throw new IllegalStateException("The effect of event " + payload.number() + " was not written", failure);
        }
    }

    /** What is called for each event; public because it is called by reflection. */
    @FunctionalInterface
    public interface Listener {

        /** Handles an event. */
        void on(Payload payload);
    }
}
