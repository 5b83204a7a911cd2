package io.pgevents.queue;

import io.pgevents.Priority;

/**
 * A ready event of an ordered subscription, seen without a lock.
 *
 * @param key its ordering key
 * @param priority its priority
 * @param position where it stands
 */
public record WindowEntry(String key, Priority priority, Position position) {}
