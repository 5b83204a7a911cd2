/**
 * The relay's doors to browsers: server-sent events over Spring MVC, and over WebFlux.
 *
 * <p><b>Closed by default.</b> There is an address for each declared stream ({@code RelayStream} bean, or
 * {@code pg-events.relay.streams.<name>}) and no other, and it says 403 as long as there is no {@code RelayAuthorizer}. A
 * method of the application that opens a stream itself is its own authorizer.
 *
 * <p><b>A refusal for now is no error.</b> Any status but 200 ends an {@code EventSource} for good, and a restart would end
 * those of all browsers. So when there is no room, the relay is not running or the database fails, whoever asks for
 * {@code text/event-stream} by name gets an empty stream with a retry time; others get 503. HEAD gets headers: nothing would
 * notice when such a client leaves.
 *
 * <p><b>Servlet.</b> Not {@code SseEmitter}: its sends block, so a browser that does not read would keep a thread. The
 * response is written without blocking ({@code WriteListener}): a thread of the relay writes as long as the container
 * is ready, and when it is not, nobody waits; the container calls when there is room again. The two may meet: whoever
 * comes second leaves a note and goes ({@code ServletConnection}).
 *
 * <p><b>WebFlux.</b> A publisher that takes frames from the same outbox as the subscriber asks for them.
 */
@NullMarked
package io.pgevents.boot.web;

import org.jspecify.annotations.NullMarked;
