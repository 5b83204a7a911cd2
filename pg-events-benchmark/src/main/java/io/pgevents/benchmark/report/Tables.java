package io.pgevents.benchmark.report;

import io.pgevents.benchmark.measure.Samples;
import java.util.Map;

/** The tables of a report. */
final class Tables {

    private Tables() {}

    static TextTable of(Group group) {
        TextTable table = new TextTable("", "median", "min", "max", "rounds");
        for (Map.Entry<String, Samples> each : group.measurements().entrySet()) {
            Samples samples = each.getValue();
            table.row(
                    each.getKey(),
                    Numbers.readable(samples.median()),
                    Numbers.readable(samples.min()),
                    Numbers.readable(samples.max()),
                    String.valueOf(samples.values().size()));
        }
        return table;
    }

    static TextTable of(Iterable<Figure> figures) {
        TextTable table = new TextTable("figure", "value", "unit", "target", "reached");
        for (Figure figure : figures) {
            table.row(
                    figure.name(), Numbers.readable(figure.value()), figure.unit(), figure.target(), figure.verdict());
        }
        return table;
    }
}
