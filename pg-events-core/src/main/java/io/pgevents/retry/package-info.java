/** What follows a failed attempt: when there is another one, and what the log says of it. */
@NullMarked
package io.pgevents.retry;

import org.jspecify.annotations.NullMarked;
