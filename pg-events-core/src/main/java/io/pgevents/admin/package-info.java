/** What an operator does: look at dead letters, replay them, remove a subscription. */
@NullMarked
package io.pgevents.admin;

import org.jspecify.annotations.NullMarked;
