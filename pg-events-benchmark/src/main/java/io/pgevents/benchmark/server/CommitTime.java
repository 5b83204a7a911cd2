package io.pgevents.benchmark.server;

import io.pgevents.benchmark.contestant.Effects;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;

/** How long a commit of one small row takes on this machine, most of which is the fsync. */
final class CommitTime {

    private static final int COMMITS = 200;

    private CommitTime() {}

    static String measure(Database database) throws SQLException {
        long[] nanos = new long[COMMITS];
        try (Connection connection = database.open();
                PreparedStatement insert = connection.prepareStatement(Effects.INSERT)) {
            connection.setAutoCommit(false);
            for (int number = 0; number < COMMITS; number++) {
                insert.setInt(1, number);
                insert.executeUpdate();
                long begun = System.nanoTime();
                connection.commit();
                nanos[number] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(nanos);
        return String.format(Locale.ROOT, "%.2f ms (median of %d of one row)", nanos[COMMITS / 2] / 1e6, COMMITS);
    }
}
