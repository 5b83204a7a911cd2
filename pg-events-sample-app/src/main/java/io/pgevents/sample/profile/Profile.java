package io.pgevents.sample.profile;

/**
 * A row of the table: somebody, and what has been counted.
 *
 * @param following how many profiles this one follows
 * @param revision of two images of a row, the one with the higher revision is newer
 */
record Profile(
        String name,
        String displayName,
        String bio,
        String colour,
        long following,
        long followers,
        long likes,
        long revision) {}
