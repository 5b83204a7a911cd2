package io.pgevents.benchmark.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** Which releases the build has taken. */
final class Versions {

    private static final Properties VERSIONS = read();

    private Versions() {}

    private static Properties read() {
        Properties versions = new Properties();
        try (InputStream file = Versions.class.getResourceAsStream("versions.properties")) {
            versions.load(Objects.requireNonNull(file, "versions.properties"));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return versions;
    }

    static String of(String library) {
        return Objects.requireNonNull(VERSIONS.getProperty(library), library);
    }
}
