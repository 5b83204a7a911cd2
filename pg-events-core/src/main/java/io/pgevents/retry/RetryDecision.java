package io.pgevents.retry;

import java.time.Duration;

/** What follows a failed attempt. */
public sealed interface RetryDecision {

    /** Another attempt, after a delay. */
    record RetryAfter(Duration delay) implements RetryDecision {}

    /** No further attempt: the event becomes a dead letter. */
    record GiveUp() implements RetryDecision {}
}
