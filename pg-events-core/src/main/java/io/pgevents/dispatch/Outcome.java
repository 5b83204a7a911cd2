package io.pgevents.dispatch;

/** What a pass has found. */
enum Outcome {
    /** Nothing. */
    IDLE,
    /** Less than it could have taken: there is nothing more now. */
    DRAINED,
    /** As much as it could take: there may be more. */
    FULL,
    /** Keys that another consumer holds: look again in a moment. */
    BUSY;

    static Outcome of(int found, int limit) {
        return found >= limit ? FULL : found > 0 ? DRAINED : IDLE;
    }
}
