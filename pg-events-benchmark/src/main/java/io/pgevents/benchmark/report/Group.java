package io.pgevents.benchmark.report;

import io.pgevents.benchmark.measure.Samples;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measurements that are compared with each other: one table, one plot.
 *
 * @param title what was measured
 * @param unit of all of them
 * @param measurements by what or who was measured, in the order they are shown
 */
public record Group(String title, String unit, Map<String, Samples> measurements) {

    public Group(String title, String unit) {
        this(title, unit, new LinkedHashMap<>());
    }
}
