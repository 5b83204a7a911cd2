package io.pgevents.queue;

import java.util.List;

/**
 * What a claim of keys found.
 *
 * @param events for each key its first events, in order, up to the one that may not be handled yet
 * @param busyKeys keys another transaction holds
 * @param unfinishedKeys keys whose run was full: there may be more
 */
public record KeyClaim(List<ClaimedEvent> events, List<String> busyKeys, List<String> unfinishedKeys) {}
