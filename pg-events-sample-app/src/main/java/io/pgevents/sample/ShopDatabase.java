package io.pgevents.sample;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/** The server the shop runs on, as a person reaches it. */
@Component
class ShopDatabase {

    private final JdbcConnectionDetails details;

    ShopDatabase(JdbcConnectionDetails details) {
        this.details = details;
    }

    /** The command that connects to the server; psql asks for the password. */
    String psql() {
        return command(details.getJdbcUrl(), details.getUsername());
    }

    /** Without the driver's own parameters, which psql does not know. */
    static String command(String jdbcUrl, @Nullable String user) {
        String url = jdbcUrl.replaceFirst("^jdbc:", "").replaceFirst("\\?.*$", "");
        return user == null ? "psql " + url : "psql -U " + user + " " + url;
    }
}
