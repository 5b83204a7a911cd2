package io.pgevents.capture;

import io.pgevents.capture.RowChange.Operation;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.support.TestBus;
import java.lang.reflect.Type;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A database with captured tables. Changes are read from the queue, as a subscription would get them. */
final class CaptureFixture implements AutoCloseable {

    private final String url;
    private final TestBus bus;
    private final RowCaptures captures;

    CaptureFixture(String url) {
        this.url = url;
        bus = new TestBus(url);
        captures = captures(RowCaptures.Mode.INSTALL);
    }

    /** Another instance, with a pool of its own or this one. */
    RowCaptures captures(DataSource dataSource, RowCaptures.Settings settings) {
        return new RowCaptures(dataSource, new JdbcTransactionManager(dataSource), bus.schema(), settings);
    }

    RowCaptures captures(RowCaptures.Mode mode) {
        return captures(bus.pool(), RowCaptures.Settings.of(mode));
    }

    RowCaptures captures() {
        return captures;
    }

    TestBus bus() {
        return bus;
    }

    JdbcTemplate jdbc() {
        return bus.jdbc();
    }

    CaptureFixture sql(String... statements) {
        List.of(statements).forEach(jdbc()::execute);
        return this;
    }

    /** A session of another program, in a transaction in which it has done something; the caller closes it. */
    Connection inTransaction(String program, String statement) throws SQLException {
        Connection session = DriverManager.getConnection(url + "?ApplicationName=" + program, "postgres", "postgres");
        session.setAutoCommit(false);
        try (Statement work = session.createStatement()) {
            work.execute(statement);
        }
        return session;
    }

    /** Declares, installs, and subscribes. */
    Capture capture(String table, Capture.Filter filter) {
        Capture capture = captures.declare(table, filter);
        captures.stop();
        captures.start();
        subscribe(capture);
        return capture;
    }

    Capture capture(String table) {
        return capture(table, Capture.Filter.EVERYTHING);
    }

    void subscribe(Capture capture) {
        jdbc().update(
                        "INSERT INTO event_subscription (name, topics, ordered) VALUES (?, ARRAY[?], true)",
                        "of " + capture.topic(),
                        capture.topic());
    }

    /** As if the subscriptions had been removed. */
    void unsubscribe() {
        jdbc().update("DELETE FROM event_subscription WHERE left(name, 1) <> '$'");
    }

    /** The changes so far, in the order of the queue. */
    List<RowChange<Object>> changes(Type rowType) {
        RowChangeReader reader = new RowChangeReader(new Jackson2EventCodec(), rowType);
        return jdbc().query(
                        "SELECT payload, created_at FROM event_queue ORDER BY id",
                        (row, n) -> reader.read(row.getString(1), Instant.EPOCH));
    }

    List<RowChange<Object>> changes() {
        return changes(Map.class);
    }

    List<Operation> operations() {
        return changes().stream().map(RowChange::operation).toList();
    }

    List<String> triggers() {
        return jdbc().queryForList(
                        "SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'pg\\_events\\_%' AND tgparentid = 0 ORDER BY 1",
                        String.class);
    }

    static Capture.Filter only(Operation... operations) {
        return new Capture.Filter(Set.of(operations), List.of(), null);
    }

    /** The captures of another instance that declares all or some changes of the table profile. */
    RowCaptures another(RowCaptures.Mode mode, Capture.Filter filter) {
        RowCaptures another = captures(mode);
        another.declare("profile", filter);
        return another;
    }

    /** As if nobody had refreshed anything for a day. */
    void letADayPass() {
        jdbc().update("UPDATE event_capture SET used_at = used_at - interval '25 hours'");
    }

    static RowCaptures.Settings impatient(Duration patience) {
        return new RowCaptures.Settings(RowCaptures.Mode.INSTALL, patience, Duration.ofDays(1), Duration.ofMinutes(1));
    }

    static RowCaptures.Settings attentive(Duration check) {
        return new RowCaptures.Settings(RowCaptures.Mode.INSTALL, Duration.ofMinutes(1), Duration.ofDays(1), check);
    }

    @Override
    public void close() {
        captures.stop();
        bus.close();
    }
}
