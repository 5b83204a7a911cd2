/** The measured server: its settings, its fresh databases, and what its statistics say. */
@NullMarked
package io.pgevents.benchmark.server;

import org.jspecify.annotations.NullMarked;
