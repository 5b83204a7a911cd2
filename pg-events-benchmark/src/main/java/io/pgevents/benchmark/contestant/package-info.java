/**
 * What is measured. Every contestant does the same work on the same server: it stores numbered events of one payload,
 * decodes each, and writes one row for it, in the transaction that finishes the event where it offers that.
 */
@NullMarked
package io.pgevents.benchmark.contestant;

import org.jspecify.annotations.NullMarked;
