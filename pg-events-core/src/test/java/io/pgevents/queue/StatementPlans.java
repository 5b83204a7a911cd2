package io.pgevents.queue;

import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.util.Collections;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A session with statements of the queue, prepared as the driver does it, and what the server says of their plans. */
final class StatementPlans implements AutoCloseable {

    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared (?:hit=(\\d+))?(?: read=(\\d+))?");
    private static final String SCAN =
            "smallint[], timestamptz[], bigint[], bigint, text, text[], text[], bigint, bigint";

    private final SingleConnectionDataSource connection;
    private final JdbcTemplate session;

    StatementPlans(String url, EventSchema schema) {
        connection = new SingleConnectionDataSource(url, "postgres", "postgres", true);
        session = new JdbcTemplate(connection);
        SqlStatements statements = new SqlStatements(schema);
        prepare("claim", SCAN, statements);
        prepare("window", SCAN, statements);
        prepare("lookout", "text[], smallint[], timestamptz[], bigint[]", statements);
    }

    /** Prepares a statement whose parameters have their types from where they stand, and returns its generic plan. */
    String genericPlan(String name, int parameters, EventSchema schema) {
        with(name, schema);
        String arguments = String.join(", ", Collections.nCopies(parameters, "NULL"));
        return mode("force_generic_plan").explain("COSTS OFF", name, arguments);
    }

    /** With a statement whose parameters have their types from where they stand. */
    StatementPlans with(String name, EventSchema schema) {
        prepare(name, "", new SqlStatements(schema));
        return this;
    }

    private void prepare(String name, String types, SqlStatements statements) {
        StringBuilder numbered = new StringBuilder();
        int parameter = 0;
        for (String part : statements.get("event_queue/" + name).split("\\?", -1)) {
            numbered.append(parameter == 0 ? "" : "$" + parameter).append(part);
            parameter++;
        }
        session.execute("PREPARE \"" + name + "\"" + (types.isEmpty() ? "" : " (" + types + ")") + " AS " + numbered);
    }

    JdbcTemplate session() {
        return session;
    }

    /** With force_generic_plan or force_custom_plan. */
    StatementPlans mode(String mode) {
        session.execute("SET plan_cache_mode = " + mode);
        return this;
    }

    String explain(String options, String statement, String arguments) {
        return String.join(
                "\n",
                session.queryForList(
                        "EXPLAIN (" + options + ") EXECUTE \"" + statement + "\" (" + arguments + ")", String.class));
    }

    /** How many pages the statement touches when it runs for the second time. */
    int buffers(String statement, String arguments) {
        explain("ANALYZE, BUFFERS", statement, arguments);
        return buffersOnce(statement, arguments);
    }

    /** How many pages the statement touches. */
    int buffersOnce(String statement, String arguments) {
        String plan = explain("ANALYZE, BUFFERS", statement, arguments);
        MatchResult first = BUFFERS.matcher(plan).results().findFirst().orElseThrow();
        int sum = 0;
        for (int group = 1; group <= 2; group++) {
            sum += first.group(group) == null ? 0 : Integer.parseInt(first.group(group));
        }
        return sum;
    }

    @Override
    public void close() {
        connection.destroy();
    }
}
