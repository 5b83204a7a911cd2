package io.pgevents.benchmark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What limits the figures that are not reached, as somebody has found out and written into {@code limits.md}: a section
 * for each figure, which has its name as heading. The file is only read, so that what was written stays when the page
 * is written again.
 */
final class Limits {

    private static final String HEADING = "## ";
    private static final String UNKNOWN = "**Not explained yet.**";

    private final Map<String, String> sections;

    private Limits(Map<String, String> sections) {
        this.sections = sections;
    }

    /** Reads the file; no section if there is none. */
    static Limits read(Path file) throws IOException {
        Map<String, String> sections = new LinkedHashMap<>();
        String figure = "";
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            if (line.startsWith(HEADING)) {
                figure = line.substring(HEADING.length()).replace("`", "").strip();
            } else {
                sections.merge(figure, line + "\n", String::concat);
            }
        }
        return new Limits(sections);
    }

    /** The names of the sections. */
    Set<String> names() {
        return sections.keySet().stream().filter(name -> !name.isEmpty()).collect(Collectors.toSet());
    }

    /** The text about a figure, or that there is none. */
    String of(Figure figure) {
        String text = sections.getOrDefault(figure.name(), "").strip();
        return text.isEmpty() ? UNKNOWN : text;
    }
}
