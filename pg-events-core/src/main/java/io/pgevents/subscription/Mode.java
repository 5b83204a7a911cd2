package io.pgevents.subscription;

/** How a subscription claims and finishes events. */
public enum Mode {
    /** The handler runs in the transaction that claims and finishes the event: exactly-once effect in this database. */
    TRANSACTIONAL,
    /** The handler runs without a transaction, under a lease that is renewed: at least once, for slow or external work. */
    LEASED
}
