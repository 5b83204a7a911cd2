package io.pgevents.benchmark.profile;

import io.pgevents.benchmark.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.text.ParseException;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/**
 * Records from its opening on; {@link #close()} writes {@code SCENARIO.jfr} and {@code SCENARIO.txt} into the directory.
 * The flight recorder sees this process, in which all but the consumers of the latency live.
 */
public final class Profile implements AutoCloseable {

    private final Server server;
    private final Path recorded;
    private final Path text;
    private final Recording recording;
    private final WaitEvents waits;

    public Profile(Server server, Path directory, String scenario) throws SQLException, IOException {
        Files.createDirectories(directory);
        this.server = server;
        this.recorded = directory.resolve(scenario + ".jfr");
        this.text = directory.resolve(scenario + ".txt");
        TopStatements.reset(server);
        this.waits = new WaitEvents(server.admin());
        this.recording = new Recording(settings());
        recording.start();
    }

    private static Configuration settings() throws IOException {
        try {
            return Configuration.getConfiguration("profile");
        } catch (ParseException ex) {
            throw new IOException(ex);
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        recording.stop();
        recording.dump(recorded);
        recording.close();
        List<String> busy = waits.stop();
        Files.writeString(
                text,
                String.join(
                        "\n",
                        section(
                                "Sessions in a statement, each 20 ms: how many samples, and what they waited for",
                                busy),
                        section("Statements that took the most time of the server", TopStatements.of(server)),
                        section("Methods at the top of running threads: samples", TopMethods.of(recorded))));
    }

    private static String section(String title, List<String> lines) {
        return title + "\n\n" + String.join("\n", lines) + "\n";
    }
}
