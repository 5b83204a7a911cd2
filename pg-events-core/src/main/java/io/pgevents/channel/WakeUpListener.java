package io.pgevents.channel;

import java.time.Duration;

/** Is told by the hub when to look for work. Called on the hub's thread; must return at once and not throw. */
public interface WakeUpListener {

    /** Events of a subscription are there or due soon; whoever parked it answers. */
    void woken(String subscription, Duration dueIn);

    /** Another instance cannot keep up with a subscription. */
    void helpWanted(String subscription);

    /** The gate of a subscription is closed: look once more now. */
    void parked(String subscription);

    /** Events of a subscription may have been committed unnoticed, some time after their due time: look everywhere. */
    void overlooked(String subscription);

    /** The hub is connected, for the first time or again: notifications may have been missed. */
    void connected();
}
