package io.pgevents.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgevents.PgEventsStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryServerIntegrationTests {

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void nameDirectory() {
        directory = parent.resolve("data");
    }

    @Test
    void keepsTheDataOverARestart() throws SQLException {
        try (EmbeddedServer server = DirectoryServer.open(directory, 0)) {
            execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        try (EmbeddedServer server = DirectoryServer.open(directory, 0)) {
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void waitsForTheDisk() throws SQLException {
        try (EmbeddedServer server = DirectoryServer.open(directory, 0)) {
            assertThat(query(server, "SHOW fsync")).isEqualTo("on");
            assertThat(query(server, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "SHOW full_page_writes")).isEqualTo("on");
        }
    }

    @Test
    void stopsWithItsLastUse() throws IOException {
        EmbeddedServer first = DirectoryServer.open(directory, 0);
        EmbeddedServer second = DirectoryServer.open(directory, 0);
        assertThat(second.port()).isEqualTo(first.port());

        first.close();
        assertThat(PostmasterFile.read(directory)).isNotNull();
        second.close();
        assertThat(PostmasterFile.read(directory)).isNull();
    }

    @Test
    void losesNothingWhenItsApplicationIsKilled() throws Exception {
        long killed;
        try (ChildApplication child = ChildApplication.start(directory)) {
            child.awaitReady();
            killed = postmaster().pid();
            child.kill();
        }
        assertThat(postmaster().process())
                .as("the server outlives the application")
                .isPresent();

        try (EmbeddedServer server = DirectoryServer.open(directory, 0)) {
            assertThat(postmaster().pid()).isNotEqualTo(killed);
            assertThat(query(server, "SELECT count(*) FROM committed")).isEqualTo("1000");
        }
        assertThat(ProcessHandle.of(killed)).isEmpty();
    }

    @Test
    void lendsItsServerToAnotherApplication() throws Exception {
        try (ChildApplication child = ChildApplication.start(directory)) {
            child.awaitReady();
            try (EmbeddedServer server = DirectoryServer.open(directory, 0)) {
                assertThat(query(server, "SELECT count(*) FROM committed")).isEqualTo("1000");
            }
            assertThat(postmaster().process()).as("it is not ours to stop").isPresent();
            child.kill();
        }
        DirectoryServer.open(directory, 0).close();
    }

    @Test
    void startsWhenTheServerItselfWasKilled() throws Exception {
        EmbeddedServer server = DirectoryServer.open(directory, 0);
        execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        ProcessHandle process = postmaster().process().orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        server.close();

        try (EmbeddedServer restarted = DirectoryServer.open(directory, 0)) {
            assertThat(query(restarted, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void isNotMisledByAProcessNumberThatBelongsToSomethingElse() throws Exception {
        DirectoryServer.open(directory, 0).close();
        Files.writeString(
                directory.resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + directory + "\n1700000000\n5432\n");

        try (EmbeddedServer server = DirectoryServer.open(directory, 0)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void beginsAnewAfterAnInitializationThatWasKilled() throws Exception {
        Files.createDirectories(directory.resolve("pg_wal"));
        Files.writeString(directory.resolve("PG_VERSION"), "18\n");

        try (EmbeddedServer server = DirectoryServer.open(directory, 0)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void refusesADirectoryThatHoldsSomethingElse() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("thesis.txt"), "years of work");

        assertThatExceptionOfType(PgEventsStartException.class)
                .isThrownBy(() -> DirectoryServer.open(directory, 0))
                .withMessageContaining("neither empty nor a data directory of PostgreSQL")
                .withMessageContaining("pg-events.embedded-postgres.data-directory");
        assertThat(directory.resolve("thesis.txt")).exists();
    }

    private PostmasterFile postmaster() throws IOException {
        return Optional.ofNullable(PostmasterFile.read(directory)).orElseThrow();
    }

    private static void execute(EmbeddedServer server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedServer server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(EmbeddedServer server) throws SQLException {
        return DriverManager.getConnection(
                EmbeddedServer.jdbcUrl(server.port(), server.database()), EmbeddedServer.USER, "");
    }
}
