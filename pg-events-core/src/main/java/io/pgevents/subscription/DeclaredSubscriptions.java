package io.pgevents.subscription;

import java.util.List;

/**
 * The subscriptions an application declares. Asked once, when the bus starts, after all beans are there.
 */
@FunctionalInterface
public interface DeclaredSubscriptions {

    /** The declared subscriptions. */
    List<Subscription> all();
}
