package io.pgevents.queue;

import io.pgevents.Priority;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.SqlCall;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.queue.ClaimedEvent.Position;
import io.pgevents.schema.EventSchema;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Claims events. Thread-safe; every method runs in the caller's transaction, whose end ends the locks. */
public final class Claims {

    private final JdbcTemplate jdbc;
    private final String now;
    private final String claim;
    private final String window;
    private final String claimKeys;
    private final String countAttempts;
    private final String relock;
    private final String lease;
    private final String shareKey;
    private final String keysInProcess;

    public Claims(DataSource dataSource, EventSchema schema) {
        SqlStatements statements = new SqlStatements(schema);
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.now = statements.get("event_queue/now");
        this.claim = statements.get("event_queue/claim");
        this.window = statements.get("event_queue/window");
        this.claimKeys = statements.get("event_queue/claim_keys");
        this.countAttempts = statements.get("event_queue/count_attempts");
        this.relock = statements.get("event_queue/relock");
        this.lease = statements.get("event_queue/lease");
        this.shareKey = statements.get("event_queue/share_key");
        this.keysInProcess = statements.get("event_queue/keys_in_process");
    }

    /** Locks the next ready events, the most urgent first. */
    public List<ClaimedEvent> claim(SubscriptionScope scope, Beginning from, int limit) {
        ClaimedEventMapper mapper = new ClaimedEventMapper(scope);
        return jdbc.query(scan(claim, scope, from, limit), mapper);
    }

    /**
     * Looks at the next ready events of an ordered subscription without locking them. An event without a key, inserted
     * before the subscription was ordered, gets the shared one.
     */
    public List<WindowEntry> window(SubscriptionScope scope, Beginning from, int limit) {
        List<Long> keyless = new ArrayList<>();
        List<WindowEntry> entries = jdbc.query(scan(window, scope, from, limit), (row, n) -> {
            long id = row.getLong("id");
            String key = row.getString("ordering_key");
            if (key == null) {
                keyless.add(id);
            }
            return new WindowEntry(
                    key == null ? "" : key,
                    Priority.ofLevel(row.getInt("priority")),
                    new Position(row.getObject("process_at", OffsetDateTime.class), id),
                    row.getBoolean("locked"));
        });
        if (!keyless.isEmpty()) {
            jdbc.update(SqlCall.of(shareKey).rows(keyless, Long::longValue));
        }
        return entries;
    }

    /** Of keys this transaction holds, those of which an event is in process under a lease. */
    public Set<String> keysInProcess(SubscriptionScope scope, Set<String> keys) {
        SqlCall call = SqlCall.of(keysInProcess).value(scope.subscription()).array("text", List.copyOf(keys));
        return new HashSet<>(jdbc.query(call, (row, n) -> row.getString("ordering_key")));
    }

    /** The place of this moment: before everything that is inserted from now on without a due time of its own. */
    public Position now() {
        OffsetDateTime time = jdbc.queryForObject(now, OffsetDateTime.class);
        return new Position(Objects.requireNonNull(time), -1);
    }

    /** Limits how long each statement of the running transaction may take, also those of the handler. */
    public void limitStatements(Duration limit) {
        jdbc.execute("SET LOCAL statement_timeout = " + limit.toMillis());
    }

    private static SqlCall scan(String sql, SubscriptionScope scope, Beginning from, int limit) {
        List<Map.Entry<Priority, Position>> floors =
                List.copyOf(from.positions().entrySet());
        return SqlCall.of(sql)
                .array("int2", floors, each -> (short) each.getKey().level())
                .array("timestamptz", floors, each -> each.getValue().timeText())
                .array("int8", floors, each -> each.getValue().id())
                .value(from.lookBack().toMillis())
                .value(scope.subscription())
                .nullableArray("text", scope.knownTypeList())
                .nullableArray("text", scope.knownTypeList())
                .value(limit)
                .value(limit);
    }

    /**
     * Locks the first unfinished events of keys, and the keys themselves until the end of the transaction.
     *
     * @param keys each with what is wanted of it
     * @param skipFailed whether an event that waits for its next attempt steps aside
     * @return a key whose next event somebody else is just changing comes back as busy
     */
    public KeyClaim claimKeys(SubscriptionScope scope, Map<String, KeyRun> keys, boolean skipFailed) {
        List<Map.Entry<String, KeyRun>> entries = List.copyOf(keys.entrySet());
        ClaimedEventMapper mapper = new ClaimedEventMapper(scope);
        List<ClaimedEvent> events = new ArrayList<>();
        List<String> busy = new ArrayList<>();
        Set<String> ended = new HashSet<>();
        Map<String, Integer> runs = new HashMap<>();
        AtomicLong micros = new AtomicLong();
        jdbc.query(keysCall(scope, entries, skipFailed), row -> {
            micros.set(row.getLong("micros"));
            String key = row.getString("ordering_key");
            if (ended.contains(key)) {
                return;
            }
            runs.merge(key, 1, Integer::sum);
            switch (row.getString("state")) {
                case "ready" -> events.add(mapper.mapRow(row, 0));
                case "busy" -> {
                    busy.add(key);
                    ended.add(key);
                }
                case "aside" -> {}
                default -> ended.add(key);
            }
        });
        List<String> unfinished = entries.stream()
                .filter(entry -> isFull(entry.getValue(), runs.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .filter(key -> !ended.contains(key))
                .toList();
        return new KeyClaim(events, busy, unfinished, Duration.of(micros.get(), ChronoUnit.MICROS));
    }

    private SqlCall keysCall(SubscriptionScope scope, List<Map.Entry<String, KeyRun>> entries, boolean skipFailed) {
        return SqlCall.of(claimKeys)
                .value(scope.subscription())
                .array("text", entries, Map.Entry::getKey)
                .array("int8", entries, each -> each.getValue().afterId())
                .array("int4", entries, each -> each.getValue().length())
                .nullableArray("text", scope.knownTypeList())
                .nullableArray("text", scope.knownTypeList())
                .value(skipFailed)
                .value(scope.subscription())
                .value(skipFailed);
    }

    private static boolean isFull(KeyRun run, @Nullable Integer found) {
        return found != null && found >= run.length();
    }

    /** Counts the attempt of locked events before it is made. */
    public List<ClaimedEvent> countAttempts(List<ClaimedEvent> events) {
        jdbc.update(SqlCall.of(countAttempts).rows(events, ClaimedEvent::id));
        return events.stream().map(ClaimedEvent::counted).toList();
    }

    /**
     * Locks events again whose attempt has just been counted, and their keys if the subscription is ordered; what was
     * taken meanwhile is left out, and with it what comes after it in its key. A single event waits for its key: that may
     * have been its last attempt, and this transaction holds nothing yet that the key's holder could wait for.
     */
    public List<ClaimedEvent> relock(SubscriptionScope scope, boolean ordered, List<ClaimedEvent> events) {
        SqlCall call = SqlCall.of(relock)
                .value(scope.subscription())
                .array("text", events, event -> ordered ? event.orderingKey() : null)
                .array("int8", events, ClaimedEvent::id)
                .array("int4", events, ClaimedEvent::attemptCount)
                .value(events.size() == 1);
        Set<Long> locked = new HashSet<>(jdbc.query(call, (row, n) -> row.getLong("id")));
        Set<String> passed = new HashSet<>();
        List<ClaimedEvent> relocked = new ArrayList<>();
        for (ClaimedEvent event : events) {
            if (!locked.contains(event.id())) {
                passed.add(Objects.requireNonNullElse(event.orderingKey(), ""));
            } else if (!ordered || !passed.contains(event.orderingKey())) {
                relocked.add(event);
            }
        }
        return relocked;
    }

    /** Takes locked events under a lease that outlives the transaction. */
    public List<ClaimedEvent> lease(List<ClaimedEvent> events, String owner, Duration duration) {
        jdbc.update(SqlCall.of(lease).value(duration.toMillis()).value(owner).rows(events, ClaimedEvent::id));
        return events.stream().map(event -> event.leasedBy(owner)).toList();
    }

    static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /**
     * Where a scan begins.
     *
     * @param positions the place for each priority, after which it begins
     * @param lookBack how far before now it begins at the latest
     */
    public record Beginning(Map<Priority, Position> positions, Duration lookBack) {}

    /**
     * What a claim wants of a key.
     *
     * @param afterId the row after which the key goes on
     * @param length the most events
     */
    public record KeyRun(long afterId, int length) {}

    /**
     * What a claim of keys found.
     *
     * @param events for each key its first events, in order, up to the one that may not be handled yet
     * @param busyKeys keys another transaction holds, or whose next event somebody is just changing
     * @param unfinishedKeys keys whose run was full: there may be more
     * @param took how long the server needed
     */
    public record KeyClaim(
            List<ClaimedEvent> events, List<String> busyKeys, List<String> unfinishedKeys, Duration took) {}

    /**
     * A ready event of an ordered subscription, seen without a lock.
     *
     * @param key its ordering key
     * @param priority its priority
     * @param position where it stands
     * @param isLocked whether somebody has locked it since it was last changed, and perhaps still has
     */
    public record WindowEntry(String key, Priority priority, Position position, boolean isLocked) {}

    /**
     * Whose events a claim takes.
     *
     * @param subscription the name
     * @param knownTypes only events of these types or without a type; null for all
     * @param maxAttempts the attempts of an event that does not say its own
     */
    public record SubscriptionScope(
            String subscription, @Nullable Set<String> knownTypes, int maxAttempts) {

        @Nullable
        List<String> knownTypeList() {
            return knownTypes == null ? null : List.copyOf(knownTypes);
        }
    }
}
