package io.pgevents.benchmark.report;

import io.pgevents.benchmark.measure.Samples;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Draws a group as SVG: a bar to the median of each measurement, and a line from its least to its most. Bars begin at
 * zero; times that differ very much are drawn on a logarithmic axis, on which they begin at a power of ten, or the short
 * ones could not be seen beside the long ones.
 */
final class BarChart {

    private static final int WIDTH = 860;
    private static final int LEFT = 330;
    private static final int BARS = 420;
    private static final int TOP = 44;
    private static final int STEP = 26;
    private static final double VERY_MUCH = 50;
    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328 }
              .title { font-weight: 600 }
              .bar { fill: #b6bfca }
              .ours { fill: #3b6fd4 }
              .spread { stroke: #1f2328; stroke-width: 1.5 }
              .axis { stroke: #b6bfca; stroke-dasharray: 2 3 }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 }
                .bar { fill: #6e7681 }
                .ours { fill: #6a9bf5 }
                .spread { stroke: #e6edf3 }
              }
            </style>
            """;

    private final Group group;
    private final boolean logarithmic;
    private final double least;
    private final double most;

    BarChart(Group group) {
        this.group = group;
        this.most = values(group).max().orElse(1);
        double smallest = values(group).filter(value -> value > 0).min().orElse(1);
        this.logarithmic = group.unit().equals("ms") && most > VERY_MUCH * smallest;
        this.least = logarithmic ? Math.pow(10, Math.floor(Math.log10(smallest / 2))) : 0;
    }

    private static DoubleStream values(Group group) {
        return group.measurements().values().stream()
                .flatMapToDouble(samples -> DoubleStream.of(samples.min(), samples.max()));
    }

    /** How far from the beginning of the bars a value is. */
    private double length(double value) {
        if (logarithmic) {
            return BARS * Math.max(0, Math.log10(value / least) / Math.log10(most / least));
        }
        return BARS * value / Math.max(most, 1e-9);
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        int height = TOP + STEP * group.measurements().size() + 8;
        String title = escaped(group.title());
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + height
                        + "\" role=\"img\" aria-label=\"" + title + "\">\n")
                .append(STYLE)
                .append("<text class=\"title\" x=\"12\" y=\"24\">" + title + " [" + escaped(group.unit())
                        + (logarithmic ? ", logarithmic" : "") + "]</text>\n");
        for (double power = least; logarithmic && power <= most; power *= 10) {
            svg.append(line(power, height));
        }
        int top = TOP;
        for (Map.Entry<String, Samples> each : group.measurements().entrySet()) {
            svg.append(row(each.getKey(), each.getValue(), top));
            top += STEP;
        }
        return svg.append("</svg>\n").toString();
    }

    private String line(double power, int height) {
        double at = LEFT + length(power);
        return String.format(Locale.ROOT, """
                <line class="axis" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>
                <text x="%.1f" y="%d" text-anchor="middle" font-size="11">%s</text>
                """, at, at, TOP - 4, height - 8, at, TOP - 8, Numbers.readable(power));
    }

    private String row(String name, Samples samples, int top) {
        double end = LEFT + length(samples.median());
        double from = LEFT + length(samples.min());
        double until = LEFT + length(samples.max());
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
