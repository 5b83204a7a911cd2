package io.pgevents.publish;

import io.pgevents.jdbc.CommittedItems;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.retry.ExecutorRetry;
import io.pgevents.retry.Outage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Appends broadcasts to the live log in batches, in the order in which they were added, on a thread that is there only
 * while there is something to write. Thread-safe. A publisher that finds the buffer full writes the oldest batches itself
 * first, on its own connection. A batch that fails because the database is away is tried again until it works; the server
 * may have committed it before, so only what is not in the log is written then. If no thread can be had, that is tried again
 * as well.
 */
final class Broadcasts {

    private static final Logger log = LoggerFactory.getLogger(Broadcasts.class);
    private static final String PART = "The writing of broadcasts";
    private static final long LINGER_NANOS = Duration.ofMillis(2).toNanos();
    private static final long BUSY_NANOS = Duration.ofMillis(5).toNanos();

    private final JdbcTemplate jdbc;
    private final String append;
    private final String appendMissing;
    private final Runnable afterWrite;
    private final BroadcastBuffer buffer = new BroadcastBuffer();
    private final Outage outage = new Outage();
    private final ReentrantLock order = new ReentrantLock(true);
    private final AtomicBoolean writing = new AtomicBoolean();
    private final Executor writer;
    private final ExecutorRetry retry = new ExecutorRetry("the writing of broadcasts", this::wakeWriter);
    private final Consumer<List<PreparedEvent>> afterCommit = this::addCommitted;
    private volatile long lastWrite = System.nanoTime() - BUSY_NANOS;

    Broadcasts(JdbcTemplate jdbc, SqlStatements statements, Runnable afterWrite) {
        this(jdbc, statements, afterWrite, oneThread());
    }

    Broadcasts(JdbcTemplate jdbc, SqlStatements statements, Runnable afterWrite, Executor writer) {
        this.jdbc = jdbc;
        this.append = statements.get("event_log/append");
        this.appendMissing = statements.get("event_log/append_missing");
        this.afterWrite = afterWrite;
        this.writer = writer;
    }

    private static Executor oneThread() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Broadcasts::thread);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "pg-events-broadcast");
        thread.setDaemon(true);
        return thread;
    }

    /** Adds after the commit of the running transaction, or at once if there is none. */
    void collect(PreparedEvent event) {
        if (CommittedItems.isInTransaction()) {
            CommittedItems.collect(afterCommit, event);
        } else {
            add(List.of(event));
        }
    }

    private void addCommitted(List<PreparedEvent> events) {
        try {
            add(events);
        } catch (RuntimeException ex) {
            log.error("{} broadcasts of a committed transaction are lost", events.size(), ex);
        }
    }

    private void add(Collection<PreparedEvent> events) {
        while (buffer.isFull()) {
            writeBatch();
        }
        buffer.add(events);
        wakeWriter();
    }

    /** Waits until all is written; false if that takes too long. */
    boolean awaitEmpty(Duration atMost) {
        wakeWriter();
        return buffer.awaitEmpty(atMost);
    }

    private void wakeWriter() {
        if (buffer.isEmpty() || !writing.compareAndSet(false, true)) {
            return;
        }
        try {
            writer.execute(this::writeAll);
            retry.taken();
        } catch (RuntimeException | Error ex) {
            writing.set(false);
            retry.refused(ex);
        }
    }

    private void writeAll() {
        try {
            while (!buffer.isEmpty()) {
                if (System.nanoTime() - lastWrite < BUSY_NANOS) {
                    // More will come: fewer and larger batches cost all sides less.
                    LockSupport.parkNanos(LINGER_NANOS);
                }
                writeOrPause();
            }
        } finally {
            writing.set(false);
            wakeWriter();
        }
    }

    private void writeOrPause() {
        try {
            writeBatch();
            outage.worked(PART);
        } catch (RuntimeException ex) {
            if (Outage.isOutage(ex) || !giveUpSingle()) {
                LockSupport.parkNanos(outage.failed(PART, ex).toNanos());
            } else {
                log.error("A broadcast cannot be written and is left out", ex);
            }
        }
    }

    /** In turn: a publisher may have written the event meanwhile. */
    private boolean giveUpSingle() {
        order.lock();
        try {
            return buffer.giveUpSingle();
        } finally {
            order.unlock();
        }
    }

    /** The connection first, then the turn: who has the turn must not wait for a connection that others hold. */
    private void writeBatch() {
        Boolean written = jdbc.execute((ConnectionCallback<Boolean>) connection -> {
            order.lock();
            try {
                List<PreparedEvent> batch = buffer.first();
                if (batch.isEmpty()) {
                    return false;
                }
                writeOrDoubt(connection, batch);
                buffer.removeFirst(batch.size());
                return true;
            } finally {
                order.unlock();
            }
        });
        if (Boolean.TRUE.equals(written)) {
            lastWrite = System.nanoTime();
            afterWrite.run();
        }
    }

    private void writeOrDoubt(Connection connection, List<PreparedEvent> batch) throws SQLException {
        try {
            write(connection, batch);
        } catch (SQLException ex) {
            if (Outage.isOutage(ex)) {
                buffer.doubt(batch.size());
            }
            throw ex;
        }
    }

    private void write(Connection connection, List<PreparedEvent> batch) throws SQLException {
        SqlCall call = SqlCall.of(buffer.isDoubtful() ? appendMissing : append)
                .array("uuid", batch, PreparedEvent::eventId)
                .array("text", batch, each -> each.event().topic())
                .sparseArray("text", batch, each -> each.event().type())
                .sparseArray("text", batch, each -> each.event().key())
                .sparseArray("text", batch, PreparedEvent::headers)
                .array("text", batch, PreparedEvent::payload);
        try (PreparedStatement statement = call.createPreparedStatement(connection)) {
            statement.executeUpdate();
        }
        // After a commit the connection of the transaction is still here, and waits for this to begin another.
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }
}
