package io.pgevents.subscription;

/** What order a subscription keeps. */
public enum Order {
    /** None: ready events are claimed by priority and due time, and handled side by side. */
    NONE,
    /** The events of a key one at a time over all instances; a failing event holds up its key. */
    KEY,
    /** The events of a key one at a time over all instances; a failing event steps aside until its next attempt. */
    KEY_SKIP_FAILED
}
