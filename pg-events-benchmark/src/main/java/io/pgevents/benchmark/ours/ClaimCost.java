package io.pgevents.benchmark.ours;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgevents.benchmark.server.Database;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;

/** What the server reads for one claim of a hundred events, as it explains itself; nothing is claimed. */
public final class ClaimCost {

    private static final int LIMIT = 100;
    private static final long LOOK_BACK_MILLIS = 250;
    private static final Short[] PRIORITIES = {2, 1, 0};

    private ClaimCost() {}

    /** Pages of 8 kB that a claim from the beginning reads, from memory or from disk. */
    public static long pages(Database database) throws Exception {
        String sql = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
                + new SqlStatements(new EventSchema("public")).get("event_queue/claim");
        try (Connection connection = database.open();
                PreparedStatement claim = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            bind(connection, claim);
            try (ResultSet rows = claim.executeQuery()) {
                rows.next();
                JsonNode plan =
                        new ObjectMapper().readTree(rows.getString(1)).path(0).path("Plan");
                return plan.path("Shared Hit Blocks").asLong()
                        + plan.path("Shared Read Blocks").asLong();
            } finally {
                connection.rollback();
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement claim) throws SQLException {
        Array priorities = connection.createArrayOf("int2", PRIORITIES);
        claim.setArray(1, priorities);
        claim.setArray(2, connection.createArrayOf("timestamptz", nCopies("-infinity")));
        claim.setArray(3, connection.createArrayOf("int8", nCopies(0L)));
        claim.setLong(4, LOOK_BACK_MILLIS);
        claim.setString(5, "benchmark-0");
        claim.setArray(6, null);
        claim.setArray(7, null);
        claim.setInt(8, LIMIT);
        claim.setInt(9, LIMIT);
    }

    private static Object[] nCopies(Object value) {
        return Collections.nCopies(PRIORITIES.length, value).toArray();
    }
}
