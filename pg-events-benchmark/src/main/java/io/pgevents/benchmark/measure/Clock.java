package io.pgevents.benchmark.measure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The wall clock, which all processes of a machine share. */
public final class Clock {

    private Clock() {}

    /** Microseconds since 1970. */
    public static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
