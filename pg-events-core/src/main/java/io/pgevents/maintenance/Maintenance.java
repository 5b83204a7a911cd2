package io.pgevents.maintenance;

import io.pgevents.schema.EventSchema;
import javax.sql.DataSource;

/** The door of the maintenance. Every task may be run by any instance, and by several at a time. Thread-safe. */
public final class Maintenance {

    private final LeaseRecovery leaseRecovery;
    private final Pruning pruning;

    public Maintenance(DataSource dataSource, EventSchema schema, Retention retention) {
        this.leaseRecovery = new LeaseRecovery(dataSource, schema);
        this.pruning = new Pruning(dataSource, schema, retention);
    }

    /** Gives events back whose lease is over; returns how many. */
    public int recoverLeases() {
        return leaseRecovery.run();
    }

    /** Deletes what is kept no longer, for at most some seconds; returns how many rows. */
    public int prune() {
        return pruning.run();
    }
}
