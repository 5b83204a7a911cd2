package io.pgevents.publish;

import java.time.Duration;

/** Hears, after the commit, of what this process has published. Must return at once and not throw. */
@FunctionalInterface
public interface PublishListener {

    /**
     * Events of a subscription are there.
     *
     * @param dueIn how long it is until the first of them is due
     */
    void published(String subscription, Duration dueIn);
}
