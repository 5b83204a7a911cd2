/**
 * The connection outside the pool, on which the bus listens. It must reach the server directly: a transaction pooler
 * loses notifications and session locks, so the hub notices one and polls. Where the address comes from, the first that is there:
 * {@code pg-events.listen.url}; the Hikari pool of the application; {@code spring.datasource.url}; the data source
 * itself, which then lends one connection for good, and gets it back without LISTENs and locks.
 */
@NullMarked
package io.pgevents.boot.connection;

import org.jspecify.annotations.NullMarked;
