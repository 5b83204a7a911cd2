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

    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (`[^|]+`) \\|");
    private static final Pattern LINE = Pattern.compile("`([^`(]+)`");

    @Test
    void namesLinesThatAreLogged() throws IOException {
        List<String> named = FIRST_CELL
                .matcher(Files.readString(Path.of("../docs/operations.md")))
                .results()
                .flatMap(row -> LINE.matcher(row.group(1)).results())
                .map(line -> line.group(1))
                .toList();
        String code = code("src/main/java") + code("../pg-events-spring-boot-starter/src/main/java");
        assertThat(named)
                .hasSizeGreaterThan(15)
                .allSatisfy(each -> assertThat(code).contains(each));
    }

    private static String code(String directory) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
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
