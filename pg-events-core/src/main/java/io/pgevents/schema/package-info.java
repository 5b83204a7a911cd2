/**
 * The tables of pg-events: which schema they are in, which server they need, and how they come to be.
 *
 * <p>A private Flyway instance with its own history table {@code event_schema_history} migrates them; the application's
 * own migrations are not touched. Versions are {@code major.minor}: a minor version can be used by every application of
 * the same major version, so that old and new instances run side by side during a deployment; a new major version
 * cannot be used by an older application, which then does not start and says why.
 */
@NullMarked
package io.pgevents.schema;

import org.jspecify.annotations.NullMarked;
