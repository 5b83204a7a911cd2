package io.pgevents.capture;

import io.pgevents.PgEventsStartException;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The captured tables of this application: takes declarations, installs or verifies their triggers when it starts, and
 * then looks after them. It is started before the bus, so that no change is lost when a subscription moves to another
 * topic. Thread-safe; starting and stopping twice is harmless. The package documentation has the protocol.
 */
public final class RowCaptures implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RowCaptures.class);

    /** Before the bus. */
    private static final int PHASE = Integer.MAX_VALUE - 768;

    private static final Set<String> OWN = Set.of("event_queue", "event_log");

    private final EventSchema schema;
    private final SqlStatements statements;
    private final Settings settings;
    private final CaptureCatalog catalog;
    private final CaptureInstallation installation;
    private final CaptureRegister register;
    private final CaptureWatch watch;
    private final Map<Capture, List<Trigger>> declared = new LinkedHashMap<>();
    /** What the owners of partitioned tables lack. */
    private final Set<String> grants = new LinkedHashSet<>();

    private @Nullable ScheduledExecutorService thread;

    public RowCaptures(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            EventSchema schema,
            Settings settings) {
        this.schema = schema;
        this.settings = settings;
        this.statements = new SqlStatements(schema);
        this.catalog = new CaptureCatalog(dataSource, statements);
        this.installation = new CaptureInstallation(dataSource, transactionManager, statements, catalog);
        this.register = new CaptureRegister(dataSource, schema, statements);
        this.watch = new CaptureWatch(catalog, installation, settings.mode());
    }

    /**
     * Declares that changes are wanted; best before the start, which installs all.
     *
     * @param table the table, as in SQL
     * @param filter which changes
     * @return what is captured; its topic is what to subscribe to
     * @throws IllegalArgumentException if there is no such table, or the filter does not fit it
     */
    public synchronized Capture declare(String table, Capture.Filter filter) {
        CapturedTable found = catalog.table(table)
                .orElseThrow(() -> new IllegalArgumentException("There is no table " + table
                        + " in the database (or the application's user may not see its schema)"));
        if (!found.isTable()) {
            throw new IllegalArgumentException(table + " is not a table: triggers of rows cannot be made for it");
        }
        if (found.schema().equals(schema.name()) && OWN.contains(found.name())) {
            throw new IllegalArgumentException(table + " is where changes are published: each would be a change again");
        }
        List<String> unknown = filter.columns().stream()
                .filter(each -> !found.columns().contains(each))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "The table " + table + " has no columns " + unknown + "; it has " + found.columns());
        }
        Capture capture = new Capture(found.schema(), found.name(), found.keyColumns(), filter);
        if (found.powerlessOwner() != null) {
            warnOf(found.powerlessOwner(), capture);
        }
        if (declared.putIfAbsent(capture, Trigger.of(capture, schema, statements)) == null && thread != null) {
            // Lazy beans are declared by the start of the bus.
            install();
        }
        return capture;
    }

    private void warnOf(String powerlessOwner, Capture capture) {
        String grant = Sql.fill(statements.get("event_capture/grant"), Map.of("role", powerlessOwner)) + ";";
        if (grants.add(grant)) {
            log.warn(
                    "The owner of {} cannot create or attach partitions, because he may not execute the function of its"
                            + " triggers, until somebody runs: {}",
                    capture.qualifiedTable(),
                    grant);
        }
    }

    /**
     * Sets who is told when changes of a capture may have been missed, because its table was created anew or its
     * triggers were away or switched off. If it throws, it is told again with the next look.
     */
    public synchronized void onGap(Capture capture, Runnable listener) {
        watch.onGap(capture, listener);
    }

    @Override
    public synchronized void start() {
        if (thread != null) {
            return;
        }
        install();
        thread = startThread();
    }

    private void install() {
        register.refresh(List.copyOf(declared.keySet()));
        Collection<List<Trigger>> tables = byTable(installation.outdated(triggers()));
        if (settings.mode() == Mode.INSTALL) {
            tables.forEach(each -> installation.install(each, settings.patience()));
        } else if (!tables.isEmpty()) {
            throw missing(tables.stream().flatMap(List::stream).toList());
        }
        declared.keySet()
                .forEach(each -> log.info(
                        "Changes of {} go to {}: {}{}",
                        each.qualifiedTable(),
                        each.topic(),
                        each.filter(),
                        each.keyColumns().isEmpty() ? "; no primary key: all its changes one after the other" : ""));
        watch.begin(declared);
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.shutdownNow();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /**
     * The SQL that installs everything declared, for a migration of the application. It grants owners of partitioned
     * tables what they need to make partitions.
     */
    public synchronized String script() {
        return script(triggers());
    }

    private String script(List<Trigger> triggers) {
        return installation.script(triggers)
                + grants.stream().map(each -> each + "\n").collect(Collectors.joining());
    }

    /** What all applications on this database capture, and which triggers are there for it. */
    public List<Status> list() {
        return register.list(catalog.triggers());
    }

    /** Looks after triggers and declarations, as it happens by itself all the time. */
    public void maintain() {
        List<Capture> captures;
        synchronized (this) {
            captures = List.copyOf(declared.keySet());
        }
        register.refreshNowAndThen(captures);
        watch.look();
        if (settings.mode() == Mode.INSTALL) {
            register.removeExpired(settings.expiry(), installation, catalog);
        }
    }

    private List<Trigger> triggers() {
        return declared.values().stream().flatMap(List::stream).toList();
    }

    private static Collection<List<Trigger>> byTable(List<Trigger> triggers) {
        Function<Trigger, String> table = each -> each.capture().qualifiedTable();
        return triggers.stream()
                .collect(Collectors.groupingBy(table, LinkedHashMap::new, Collectors.toCollection(ArrayList::new)))
                .values()
                .stream()
                .map(List::copyOf)
                .toList();
    }

    private PgEventsStartException missing(List<Trigger> triggers) {
        return new PgEventsStartException(
                "Triggers for @PgChanges or caches are missing or outdated, and pg-events.capture.mode is verify.",
                "Run this SQL with a migration of the application, as the owner of the tables:\n" + script(triggers));
    }

    private ScheduledExecutorService startThread() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "pg-events-capture");
            created.setDaemon(true);
            return created;
        });
        long pause = settings.check().toMillis();
        Future<?> unused = executor.scheduleWithFixedDelay(this::maintainGuarded, pause, pause, TimeUnit.MILLISECONDS);
        return executor;
    }

    /** Whatever it throws: a task that throws is never run again. */
    private void maintainGuarded() {
        try {
            maintain();
        } catch (RuntimeException | Error ex) {
            log.warn("The captured tables cannot be looked after; it is tried again in {}", settings.check(), ex);
        }
    }

    /**
     * How captures are kept. Immutable.
     *
     * @param mode whether triggers are installed or only verified
     * @param patience how long a start waits for a locked table
     * @param expiry how long triggers stay that no running application has declared and no durable subscription has
     *     the topic of; at least some hours, because declarations are refreshed every hour
     * @param check how often a running application looks after its tables: the time in which it notices that one was
     *     created anew
     */
    public record Settings(Mode mode, Duration patience, Duration expiry, Duration check) {

        /** Install, one minute, one day, every minute. */
        public static final Settings DEFAULT = of(Mode.INSTALL);

        /** With a mode. */
        public static Settings of(Mode mode) {
            return new Settings(mode, Duration.ofMinutes(1), Duration.ofDays(1), Duration.ofMinutes(1));
        }
    }

    /** Who installs triggers. */
    public enum Mode {
        /** They are created, replaced and removed as declared. */
        INSTALL,
        /** Nothing is changed; if a trigger is missing, the application does not start and prints the SQL. */
        VERIFY
    }

    /**
     * A capture in the database.
     *
     * @param schema the schema of the table
     * @param table the table
     * @param topic where its changes are published
     * @param filter which changes, in words
     * @param usedAt when a running application has last said that it wants it
     * @param triggers the triggers that are there
     */
    public record Status(
            String schema, String table, String topic, String filter, Instant usedAt, List<String> triggers) {}
}
