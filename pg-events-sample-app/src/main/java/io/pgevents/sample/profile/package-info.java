/**
 * Profiles of the shop's customers, whose counters move in every window at once.
 *
 * <pre>
 * click --UPDATE--> profile --trigger, at the commit--> live log --+--> the cache of each instance
 *                                                                  +--> the stream of each window
 * </pre>
 *
 * <p>The application writes only to the database, and so may anybody else. What has been counted is in the row; the cache and
 * the windows are told of its changes and hold nothing of their own. A window begins with the counters as the database has
 * them after its stream is connected, so no change falls between the two; a change that these had already is known by its
 * revision. After a gap the window connects again.
 */
@NullMarked
package io.pgevents.sample.profile;

import org.jspecify.annotations.NullMarked;
