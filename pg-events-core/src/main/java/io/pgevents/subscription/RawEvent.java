package io.pgevents.subscription;

import io.pgevents.EventMetadata;

/**
 * A claimed event before its payload is converted.
 *
 * @param metadata id, topic, key, headers, attempt
 * @param payload the JSON text
 */
public record RawEvent(EventMetadata metadata, String payload) {}
