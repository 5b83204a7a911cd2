package io.pgevents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LifecycleDocumentTests {

    private static final Pattern ARROW = Pattern.compile("(?m)^ +(\\w+) --> (\\w+):");

    @Test
    void theDiagramHasTheArrowsOfTheEnum() throws IOException {
        Map<EventStatus, Set<EventStatus>> drawn = new EnumMap<>(EventStatus.class);
        Matcher arrow = ARROW.matcher(Files.readString(Path.of("../docs/lifecycle.md")));
        while (arrow.find()) {
            drawn.computeIfAbsent(status(arrow.group(1)), from -> EnumSet.noneOf(EventStatus.class))
                    .add(status(arrow.group(2)));
        }
        for (EventStatus status : EventStatus.values()) {
            assertThat(drawn.get(status)).as(status.text()).isEqualTo(status.successors());
        }
    }

    private static EventStatus status(String text) {
        return EventStatus.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
