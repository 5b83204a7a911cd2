package io.pgevents.dispatch;

/** Where a consumer that has nothing to do goes to sleep. Without the wake-up it simply rests until the next poll. */
public interface Parking {

    /** Nothing to do: notify me. */
    void park(String subscription);

    /** Scheduled events were due: find out when the next ones are, and signal. */
    void lookAhead();

    /** Busy: notify nobody. */
    void unpark(String subscription);

    /** More to do than this instance can take. */
    void cryForHelp(String subscription);
}
