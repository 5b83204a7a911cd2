package io.pgevents.channel;

import io.pgevents.Notification;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/** A listener that remembers payloads and gaps, in the order of the calls. */
final class Heard implements ChannelListener {

    static final String GAP = "<gap>";

    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    @Override
    public void onNotification(Notification notification) throws Exception {
        heard.add(notification.payload());
    }

    @Override
    public void onGap() {
        heard.add(GAP);
    }

    List<String> all() {
        return List.copyOf(heard);
    }

    void await(String last) {
        Awaitility.await("heard \"" + last + "\"").until(() -> heard.contains(last));
    }
}
