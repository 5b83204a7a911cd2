package io.pgevents.benchmark.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Where threads were, when the flight recorder took their samples. */
final class TopMethods {

    private static final int MOST = 30;

    private TopMethods() {}

    static List<String> of(Path recording) throws IOException {
        Map<String, Integer> samples = new HashMap<>();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                RecordedStackTrace stack = event.getStackTrace();
                if (event.getEventType().getName().endsWith("ExecutionSample") && stack != null) {
                    samples.merge(top(stack), 1, Integer::sum);
                }
            }
        }
        return samples.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST)
                .map(each -> String.format(Locale.ROOT, "%8d  %s", each.getValue(), each.getKey()))
                .toList();
    }

    private static String top(RecordedStackTrace stack) {
        RecordedMethod method = stack.getFrames().get(0).getMethod();
        return method.getType().getName() + "." + method.getName();
    }
}
