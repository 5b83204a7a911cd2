package io.pgevents.benchmark.profile;

import io.pgevents.benchmark.server.Server;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ten statements of all databases that took the most time, by pg_stat_statements. */
final class TopStatements {

    private static final String TOP = """
            SELECT sum(total_exec_time) AS total, sum(calls) AS calls, sum(rows) AS affected,
                   sum(total_exec_time) / sum(calls) AS mean, regexp_replace(query, '\\s+', ' ', 'g') AS statement
            FROM pg_stat_statements
            GROUP BY statement
            ORDER BY total DESC
            LIMIT 10""";

    private TopStatements() {}

    static void reset(Server server) throws SQLException {
        if (server.countsStatements()) {
            server.admin().execute("SELECT pg_stat_statements_reset()");
        }
    }

    static List<String> of(Server server) throws SQLException {
        List<String> lines = new ArrayList<>();
        if (!server.countsStatements()) {
            lines.add("The server does not count them.");
            return lines;
        }
        server.admin()
                .rows(
                        TOP,
                        row -> lines.add(String.format(
                                Locale.ROOT,
                                "%,10.0f ms in %,d calls of %.3f ms, %,d rows: %s",
                                row.getDouble("total"),
                                row.getLong("calls"),
                                row.getDouble("mean"),
                                row.getLong("affected"),
                                row.getString("statement"))));
        return lines;
    }
}
