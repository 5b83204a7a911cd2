/**
 * JDBC plumbing: named statements from resources, templates that commit, and connections outside the pool. Knows no
 * concept of the bus.
 */
@NullMarked
package io.pgevents.jdbc;

import org.jspecify.annotations.NullMarked;
