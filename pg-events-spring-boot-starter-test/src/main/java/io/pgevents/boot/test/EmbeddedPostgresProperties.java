package io.pgevents.boot.test;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code pg-events.embedded-postgres.*}.
 *
 * @param enabled Whether an embedded PostgreSQL is started if the application names no database.
 * @param dataDirectory Directory of the data, which then survives restarts. By default each context has a fresh
 *     database.
 * @param port Port of the server with a data directory; 0 for a free one.
 */
@ConfigurationProperties("pg-events.embedded-postgres")
record EmbeddedPostgresProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String dataDirectory,
        @DefaultValue("0") int port) {}
