package io.pgevents.queue;

import java.time.Duration;

/**
 * A lease this instance holds.
 *
 * @param event the leased event
 * @param duration how long it holds from each renewal on
 */
public record Lease(ClaimedEvent event, Duration duration) {}
