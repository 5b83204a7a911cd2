package io.pgevents;

/**
 * What somebody has sent with NOTIFY.
 *
 * @param channel where it was sent
 * @param payload the text that came with it, empty if there was none
 * @param backendPid the server process of the session that has sent it
 */
public record Notification(String channel, String payload, int backendPid) {}
