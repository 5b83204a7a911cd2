package io.pgevents.boot.test;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.util.StringUtils;

/** The embedded server as the application's database. Closed after everything that uses it. */
final class EmbeddedConnectionDetails implements JdbcConnectionDetails, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedConnectionDetails.class);

    private final EmbeddedServer server;

    private EmbeddedConnectionDetails(EmbeddedServer server) {
        this.server = server;
    }

    static EmbeddedConnectionDetails open(@Nullable String dataDirectory, int port) {
        EmbeddedServer server = StringUtils.hasText(dataDirectory)
                ? DirectoryServer.open(Path.of(dataDirectory), port)
                : SharedServer.newDatabase();
        log.info(
                "Embedded PostgreSQL is ready; to look inside (no password is needed): psql -h localhost -p {} -U {} {}",
                server.port(),
                EmbeddedServer.USER,
                server.database());
        return new EmbeddedConnectionDetails(server);
    }

    @Override
    public String getUsername() {
        return EmbeddedServer.USER;
    }

    @Override
    public String getPassword() {
        return "";
    }

    @Override
    public String getJdbcUrl() {
        return EmbeddedServer.jdbcUrl(server.port(), server.database());
    }

    @Override
    public void close() {
        server.close();
    }
}
