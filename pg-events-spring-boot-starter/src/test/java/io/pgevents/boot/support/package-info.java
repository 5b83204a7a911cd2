/** What tests of several packages use. */
@NullMarked
package io.pgevents.boot.support;

import org.jspecify.annotations.NullMarked;
