/**
 * Live: what every running instance sees at once, and browsers with it. The protocol is in
 * {@code docs/decisions/0004-one-live-log.md}.
 */
@NullMarked
package io.pgevents.live;

import org.jspecify.annotations.NullMarked;
