package io.pgevents.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the stream of a profile, and keeps the newest counters, as a window does. */
final class ProfileWatcher implements AutoCloseable {

    private final InputStream stream;
    private final List<String> kinds = new CopyOnWriteArrayList<>();
    private volatile JsonNode counters = JsonMapper.shared().createObjectNode();

    ProfileWatcher(ProfileClient profile) {
        this.stream = profile.stream().body();
        Thread reader = new Thread(this::read, "profile-watcher");
        reader.setDaemon(true);
        reader.start();
    }

    /** The kinds of events so far, in their order; the last one is how the stream ended, if it has. */
    List<String> kinds() {
        return kinds;
    }

    /** A counter, or -1 before anything has come. */
    long count(String counter) {
        return counters.path(counter).asLong(-1);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String kind = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    kind = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    take(kind, JsonMapper.shared().readTree(line.substring("data: ".length())));
                }
            }
            kinds.add("end");
        } catch (IOException | RuntimeException ex) {
            kinds.add("broken: " + ex);
        }
    }

    private void take(String kind, JsonNode data) {
        // First: whoever has seen the counters may look at the kinds at once.
        kinds.add(kind);
        if (data.path("revision").asLong(-1) > counters.path("revision").asLong(-1)) {
            counters = data;
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
