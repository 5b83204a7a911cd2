/**
 * From an annotated bean method to a subscription, or to a listener of channels.
 *
 * <p><b>When.</b> Methods are found and bound once, after all singletons are there and before the bus starts.
 * Everything that can be wrong with a declaration is found then, and the application does not start. No bean is created
 * for it: lazy beans are created by their first event, prototypes by each.
 *
 * <p><b>Settings.</b> For each setting the first that is there: {@code pg-events.subscriptions.<name>.*}, the attribute
 * of the annotation, {@code pg-events.subscription.*}, the built-in default.
 *
 * <p><b>Types.</b> A parameter of a concrete type takes every event of the topic, whatever type name it carries. A
 * sealed parameter takes the types it permits: the class is looked up by the event's type name among them, never named
 * by the JSON. An event of another type is left to other instances.
 *
 * <p><b>Channels.</b> Methods annotated with {@link io.pgevents.PgListen} are found and bound in the same way, and added
 * to the listeners of the context's {@code Channels} before the bus starts.
 *
 * <p><b>Row changes.</b> A method annotated with {@link io.pgevents.capture.PgChanges} declares a capture, and is a
 * subscription of its topic like any other: its annotation is read as a {@link io.pgevents.PgSubscribe}.
 */
@NullMarked
package io.pgevents.boot.listener;

import org.jspecify.annotations.NullMarked;
