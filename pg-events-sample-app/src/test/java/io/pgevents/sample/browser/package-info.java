/** A headless Chromium for tests, spoken to by its DevTools protocol and nothing else. */
@NullMarked
package io.pgevents.sample.browser;

import org.jspecify.annotations.NullMarked;
