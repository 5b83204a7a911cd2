/**
 * The bridge from Spring's own events: an object whose class is annotated with {@link io.pgevents.PgEvent} and that is
 * published through {@code ApplicationEventPublisher} is stored as well, in the caller's transaction and thread.
 * In-memory listeners get it as ever, before or after, because the multicaster is the application's own.
 *
 * <p>In a hierarchy of contexts Spring hands the same object to the parent's listeners too. It is stored once
 * nevertheless: a child context does not configure a second bus if a parent has one.
 */
@NullMarked
package io.pgevents.boot.publish;

import org.jspecify.annotations.NullMarked;
