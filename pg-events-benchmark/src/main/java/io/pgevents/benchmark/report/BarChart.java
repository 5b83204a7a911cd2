package io.pgevents.benchmark.report;

import io.pgevents.benchmark.measure.Samples;
import java.util.Locale;
import java.util.Map;

/** Draws a group as SVG: a bar to the median of each measurement, from zero, and a line from its least to its most. */
final class BarChart {

    private static final int WIDTH = 860;
    private static final int LEFT = 330;
    private static final int BARS = 420;
    private static final int TOP = 44;
    private static final int STEP = 26;
    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328 }
              .title { font-weight: 600 }
              .bar { fill: #b6bfca }
              .ours { fill: #3b6fd4 }
              .spread { stroke: #1f2328; stroke-width: 1.5 }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 }
                .bar { fill: #6e7681 }
                .ours { fill: #6a9bf5 }
                .spread { stroke: #e6edf3 }
              }
            </style>
            """;

    private final Group group;
    private final double scale;

    BarChart(Group group) {
        this.group = group;
        double most = group.measurements().values().stream()
                .mapToDouble(Samples::max)
                .max()
                .orElse(1);
        this.scale = BARS / Math.max(most, 1e-9);
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        int height = TOP + STEP * group.measurements().size() + 8;
        String title = escaped(group.title());
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + height
                        + "\" role=\"img\" aria-label=\"" + title + "\">\n")
                .append(STYLE)
                .append("<text class=\"title\" x=\"12\" y=\"24\">" + title + " [" + escaped(group.unit())
                        + "]</text>\n");
        int top = TOP;
        for (Map.Entry<String, Samples> each : group.measurements().entrySet()) {
            svg.append(row(each.getKey(), each.getValue(), top));
            top += STEP;
        }
        return svg.append("</svg>\n").toString();
    }

    private String row(String name, Samples samples, int top) {
        double end = LEFT + samples.median() * scale;
        double from = LEFT + samples.min() * scale;
        double until = LEFT + samples.max() * scale;
        String bar = name.startsWith("pg-events") ? "bar ours" : "bar";
        return String.format(
                Locale.ROOT,
                """
                <text x="%d" y="%d" text-anchor="end">%s</text>
                <rect class="%s" x="%d" y="%d" width="%.1f" height="16"/>
                <line class="spread" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>
                <text x="%.1f" y="%d">%s</text>
                """,
                LEFT - 8,
                top + 13,
                escaped(name),
                bar,
                LEFT,
                top,
                end - LEFT,
                from,
                until,
                top + 8,
                top + 8,
                until + 8,
                top + 13,
                Numbers.readable(samples.median()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
