/** What follows a failed attempt: pure functions without a clock. */
@NullMarked
package io.pgevents.retry;

import org.jspecify.annotations.NullMarked;
