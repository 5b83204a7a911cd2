package io.pgevents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperationsDocumentTests {

    private static final Pattern LINE = Pattern.compile("(?m)^\\| `([^`(]+)` \\|");

    @Test
    void namesLinesThatAreLogged() throws IOException {
        List<String> named = LINE.matcher(Files.readString(Path.of("../docs/operations.md")))
                .results()
                .map(row -> row.group(1))
                .toList();
        String code = code();
        assertThat(named)
                .hasSizeGreaterThan(5)
                .allSatisfy(each -> assertThat(code).contains(each));
    }

    private static String code() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(Files::isRegularFile)
                    .map(OperationsDocumentTests::read)
                    .collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
