/**
 * Payloads through Jackson 3, the default of Spring Boot 4. The JSON is the one Jackson 2 writes in core: the features
 * in which the two differ are pinned here, whatever the application's mapper says, and golden files hold both to it. So
 * nodes of both kinds can share one table during an upgrade.
 */
@NullMarked
package io.pgevents.boot.jackson;

import org.jspecify.annotations.NullMarked;
