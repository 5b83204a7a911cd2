/**
 * The composition root: the only place that knows everybody. No other package imports it.
 *
 * <p><b>The end of the process.</b> A bus that has a subscription, a broadcast handler or a listener of channels when it
 * starts keeps its process running until it has stopped, by one thread that is no daemon; so a worker needs no web server,
 * and what still runs when the context is closed is waited for. A bus that is only published to does not, so a
 * command ends with its main method; nor do caches that follow tables, which are there for something else. SIGTERM and
 * {@code System.exit} end it as ever, because Spring's shutdown hook stops the bus.
 */
@NullMarked
package io.pgevents.runtime;

import org.jspecify.annotations.NullMarked;
