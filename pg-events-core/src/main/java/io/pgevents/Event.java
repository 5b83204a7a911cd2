package io.pgevents;

/**
 * A received event: its payload and what is known of it. Handlers take it where they need both, above all in batches.
 *
 * @param metadata id, topic, key, headers, attempt
 * @param payload the payload, converted to the handler's type
 */
public record Event<T>(EventMetadata metadata, T payload) {}
