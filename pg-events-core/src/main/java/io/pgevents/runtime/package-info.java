/** The composition root: the only place that knows everybody. No other package imports it. */
@NullMarked
package io.pgevents.runtime;

import org.jspecify.annotations.NullMarked;
