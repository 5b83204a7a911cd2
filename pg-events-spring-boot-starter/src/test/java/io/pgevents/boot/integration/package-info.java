/** Tests of the running bus in an application. */
@NullMarked
package io.pgevents.boot.integration;

import org.jspecify.annotations.NullMarked;
