/**
 * An embedded PostgreSQL for development and tests, as the {@code JdbcConnectionDetails} of an application that names
 * no database. Two ways to live:
 *
 * <p><b>Without a data directory</b> there is one server for the JVM, in a temporary directory, and a fresh database
 * for each application context, dropped with it. The server stops after the last context of the JVM. It does not wait
 * for the disk.
 *
 * <p><b>With a data directory</b> the data is as safe as on any server: it waits for the disk, and survives restarts.
 * The directory belongs to the JVM that holds the lock on {@code <directory>.lock}, which the operating system releases
 * however that JVM ends. Who gets the lock and finds a server still running, because its JVM was killed, stops it in an
 * orderly way and starts it anew. Who does not get the lock uses the server of the one who has it.
 */
@NullMarked
package io.pgevents.boot.test;

import org.jspecify.annotations.NullMarked;
