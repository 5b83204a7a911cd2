/**
 * The JSON boundary: payloads are written and read by one {@link io.pgevents.codec.EventCodec} with pinned settings.
 */
@NullMarked
package io.pgevents.codec;

import org.jspecify.annotations.NullMarked;
