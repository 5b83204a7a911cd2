/** The relay over real HTTP. */
@NullMarked
package io.pgevents.boot.web;

import org.jspecify.annotations.NullMarked;
