package io.pgevents.channel;

import io.pgevents.Notification;

/**
 * Gets the notifications of a channel, one at a time and in the order of their commits, on a thread for handlers. It may
 * take its time: others do not wait for it. What it throws is logged, and it goes on with the next one.
 */
@FunctionalInterface
public interface ChannelListener {

    /** Somebody has sent something. */
    void onNotification(Notification notification) throws Exception;

    /**
     * Notifications may have been missed here: the connection was lost for a while, or too many waited for this
     * listener and the oldest were dropped. Called after what came before the gap and before what came after it.
     */
    default void onGap() throws Exception {}
}
