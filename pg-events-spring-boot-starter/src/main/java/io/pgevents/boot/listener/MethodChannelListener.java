package io.pgevents.boot.listener;

import io.pgevents.Notification;
import io.pgevents.channel.ChannelListener;
import io.pgevents.codec.EventCodec;
import org.jspecify.annotations.Nullable;

/**
 * Hands notifications to a method of a bean.
 *
 * @param place the method, for the log
 * @param method what is called
 * @param gap what is called after a gap, or null
 * @param signature what the method takes
 * @param codec reads payloads
 */
record MethodChannelListener(
        MethodPlace place, BeanMethod method, @Nullable BeanMethod gap, ListenSignature signature, EventCodec codec)
        implements ChannelListener {

    @Override
    public void onNotification(Notification notification) throws Exception {
        method.call(signature.arguments(notification, codec));
    }

    @Override
    public void onGap() throws Exception {
        if (gap != null) {
            gap.call(new Object[0]);
        }
    }

    @Override
    public String toString() {
        return place.describe();
    }
}
