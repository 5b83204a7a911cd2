/** What a developer reads when the application does not start. */
@NullMarked
package io.pgevents.boot.diagnostics;

import org.jspecify.annotations.NullMarked;
