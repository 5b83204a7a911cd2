package io.pgevents.channel;

import java.time.Duration;

/** For tests of the connection, to which gates are of no interest. */
class NobodySleeps implements WakeUpHub.WakeUpListener {

    @Override
    public void woken(String subscription, Duration dueIn) {}

    @Override
    public void helpWanted(String subscription) {}

    @Override
    public void parked(String subscription) {}

    @Override
    public void overlooked(String subscription) {}

    @Override
    public void connected() {}
}
