package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.INSERT;
import static io.pgevents.capture.RowChange.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgevents.PgEventsStartException;
import io.pgevents.capture.Capture.Filter;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

/** How triggers come, change and go. */
@Timeout(120)
@ExtendWith(LogCapture.class)
class CaptureInstallationIntegrationTests {

    private static final String TRIGGERS =
            "SELECT string_agg(pg_get_triggerdef(oid) || obj_description(oid, 'pg_trigger'), ';' ORDER BY tgname)"
                    + " FROM pg_trigger WHERE tgname LIKE 'pg\\_events\\_%'";
    private static final String VERSIONS =
            "SELECT string_agg(xmin::text, ',' ORDER BY tgname) FROM pg_trigger WHERE tgname LIKE 'pg\\_events\\_%'";

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());
    /** The common pool has a single thread where there are two processors, since JDK 25 also for what waits for others. */
    private final ExecutorService others = Executors.newCachedThreadPool();

    @BeforeEach
    void createTable() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text, active boolean)");
    }

    @AfterEach
    void close() {
        others.shutdownNow();
        fixture.close();
    }

    private String text(String sql) {
        return String.valueOf(fixture.jdbc().queryForObject(sql, String.class));
    }

    @Test
    void aSecondStartChangesNothing() {
        fixture.capture("profile");
        String versions = text(VERSIONS);
        RowCaptures second = fixture.another(RowCaptures.Mode.INSTALL, Filter.EVERYTHING);
        second.start();
        second.start();
        second.stop();
        second.stop();
        assertThat(text(VERSIONS)).isEqualTo(versions);
        assertThat(fixture.triggers()).hasSize(4);
    }

    @Test
    void aStartThatChangesNothingWaitsForNoLock() {
        fixture.capture("profile");
        fixture.bus().transaction().executeWithoutResult(status -> {
            fixture.sql("LOCK TABLE profile IN ACCESS EXCLUSIVE MODE");
            RowCaptures second = fixture.another(RowCaptures.Mode.INSTALL, Filter.EVERYTHING);
            CompletableFuture.runAsync(second::start)
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            second.stop();
        });
    }

    @Test
    void theScriptIsWhatIsInstalled() {
        RowCaptures captures = fixture.another(RowCaptures.Mode.VERIFY, Filter.EVERYTHING);
        captures.declare("profile", new Filter(Set.of(INSERT, UPDATE), List.of("name"), "NEW.name = 'it''s'"));
        assertThatThrownBy(captures::start)
                .isInstanceOfSatisfying(
                        PgEventsStartException.class,
                        ex -> assertThat(ex.action()).contains(captures.script()));
        assertThat(fixture.triggers()).isEmpty();

        fixture.sql(captures.script());
        String byHand = text(TRIGGERS);
        captures.start();
        captures.stop();

        fixture.sql("DROP TABLE profile", "CREATE TABLE profile (id int PRIMARY KEY, name text, active boolean)");
        RowCaptures installing = fixture.another(RowCaptures.Mode.INSTALL, Filter.EVERYTHING);
        installing.declare("profile", new Filter(Set.of(INSERT, UPDATE), List.of("name"), "NEW.name = 'it''s'"));
        installing.start();
        installing.stop();
        assertThat(text(TRIGGERS)).isEqualTo(byHand);
    }

    @Test
    void anOutdatedTriggerIsReplacedUnderTrafficWithoutALoss() {
        fixture.capture("profile");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                fixture.jdbc().update("INSERT INTO profile VALUES (?, 'a', true)", written.incrementAndGet());
            }
        });
        for (int i = 0; i < 10; i++) {
            int before = written.get();
            fixture.sql(
                    "DO $$ DECLARE t record; BEGIN FOR t IN SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pg\\_events\\_%'"
                            + " LOOP EXECUTE format('COMMENT ON TRIGGER %I ON profile IS ''old''', t.tgname); END LOOP; END $$");
            String old = text(VERSIONS);
            RowCaptures next = fixture.another(RowCaptures.Mode.INSTALL, Filter.EVERYTHING);
            next.start();
            next.stop();
            assertThat(text(VERSIONS)).isNotEqualTo(old);
            await().until(() -> written.get() > before + 5);
        }
        stop.set(true);
        traffic.join();
        assertThat(fixture.jdbc().queryForObject("SELECT count(DISTINCT ordering_key) FROM event_queue", Integer.class))
                .isEqualTo(written.get());
        assertThat(fixture.changes()).hasSize(written.get());
    }

    @Test
    void waitsForALockedTableInShortSteps() throws InterruptedException {
        RowCaptures captures = fixture.another(RowCaptures.Mode.INSTALL, Filter.EVERYTHING);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> blocker = CompletableFuture.runAsync(
                () -> fixture.bus().transaction().executeWithoutResult(status -> {
                    fixture.sql("INSERT INTO profile VALUES (0, 'a', true)");
                    locked.countDown();
                    awaitUninterrupted(release);
                }),
                others);
        locked.await();
        CompletableFuture<Void> start = CompletableFuture.runAsync(captures::start, others);
        await("the start waits for its lock")
                .until(() -> text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'profile'::regclass")
                        .equals("1"));
        // Writers get through while the start tries again and again.
        for (int i = 1; i <= 5; i++) {
            fixture.jdbc().update("INSERT INTO profile VALUES (?, 'a', true)", i);
        }
        assertThat(start).isNotDone();
        release.countDown();
        blocker.join();
        start.join();
        captures.stop();
        assertThat(fixture.triggers()).hasSize(4);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void saysWhoKeepsATableLockedForTooLong() throws SQLException {
        fixture.sql("CREATE TABLE other (id int)");
        RowCaptures captures = fixture.captures(fixture.bus().pool(), CaptureFixture.impatient(Duration.ofMillis(10)));
        captures.declare("profile", Filter.EVERYTHING);
        try (Connection writer = fixture.inTransaction("night-job", "INSERT INTO profile VALUES (0, 'a', true)");
                Connection reader = fixture.inTransaction("reader", "SELECT id FROM profile");
                Connection elsewhere = fixture.inTransaction("elsewhere", "INSERT INTO other VALUES (0)")) {
            assertThat(reader.isClosed() || elsewhere.isClosed()).isFalse();
            int pid = writer.unwrap(PGConnection.class).getBackendPID();
            assertThatThrownBy(captures::start).isInstanceOfSatisfying(PgEventsStartException.class, ex -> {
                assertThat(ex.description())
                        .contains("other transactions have kept the table locked, at last: pid " + pid
                                + " (postgres, night-job, idle in transaction, query started at 2")
                        .doesNotContain("reader")
                        .doesNotContain("elsewhere");
                assertThat(ex.action())
                        .contains("VACUUM")
                        .contains("CREATE INDEX CONCURRENTLY")
                        .contains("CREATE OR REPLACE TRIGGER");
            });
        }
    }

    @Test
    void saysWhoKeepsAPartitionLockedForTooLong() throws SQLException {
        fixture.sql(
                "CREATE TABLE reading (id int, day date) PARTITION BY RANGE (day)",
                "CREATE TABLE reading_2026 PARTITION OF reading FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')");
        RowCaptures captures = fixture.captures(fixture.bus().pool(), CaptureFixture.impatient(Duration.ofMillis(10)));
        captures.declare("reading", Filter.EVERYTHING);
        try (Connection writer =
                fixture.inTransaction("night-job", "INSERT INTO reading_2026 VALUES (1, '2026-05-01')")) {
            assertThat(writer.isClosed()).isFalse();
            assertThatThrownBy(captures::start)
                    .isInstanceOf(PgEventsStartException.class)
                    .hasMessageContaining("night-job");
        }
    }

    @Test
    void saysThatTheChangesOfATableWithoutAPrimaryKeyAreOneKey() {
        fixture.sql("CREATE TABLE keyless (id int)");
        fixture.capture("profile");
        fixture.capture("keyless");
        assertThat(LogCapture.messages())
                .filteredOn(each -> each.contains("no primary key: all its changes one after the other"))
                .isNotEmpty()
                .allMatch(each -> each.startsWith("Changes of \"public\".\"keyless\" go to change.public.keyless"));
    }

    @Test
    void saysWhatIsWrongWithADeclaration() {
        RowCaptures captures = fixture.captures(RowCaptures.Mode.INSTALL);
        fixture.sql("CREATE VIEW profile_view AS SELECT * FROM profile");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> captures.declare("no_profile", Filter.EVERYTHING))
                .withMessageContaining("There is no table no_profile");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> captures.declare("a.b.c.d", Filter.EVERYTHING))
                .withMessageContaining("a.b.c.d");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> captures.declare("profile_view", Filter.EVERYTHING))
                .withMessageContaining("profile_view is not a table");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> captures.declare("profile", new Filter(Set.of(UPDATE), List.of("nick"), null)))
                .withMessageContaining("no columns [nick]; it has [id, name, active]");
        for (String own : List.of("event_queue", "public.event_log")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> captures.declare(own, Filter.EVERYTHING))
                    .withMessageContaining("each would be a change again");
        }
        captures.declare("profile", new Filter(Set.of(UPDATE), List.of(), "NEW.nick > 1"));
        assertThatThrownBy(captures::start)
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("\"profile\" cannot be installed")
                .hasMessageContaining("nick")
                .hasMessageContaining("Correct the condition");
    }

    @Test
    void listsWhatIsCaptured() {
        fixture.capture("profile", new Filter(Set.of(UPDATE), List.of("name"), null));
        assertThat(fixture.captures().list()).singleElement().satisfies(each -> {
            assertThat(each.schema() + "." + each.table()).isEqualTo("public.profile");
            assertThat(each.topic()).startsWith("change.public.profile.");
            assertThat(each.filter()).isEqualTo("update if one of [name] has changed");
            assertThat(each.triggers()).isEqualTo(fixture.triggers());
        });
        assertThat(
                        text(
                                "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgname LIKE 'pg\\_events\\_%'"))
                .startsWith(
                        "pg-events publishes update if one of [name] has changed to the topic change.public.profile.");
    }

    @Test
    void installsWhatIsDeclaredAfterTheStart() {
        fixture.captures().start();
        fixture.captures().declare("profile", Filter.EVERYTHING);
        assertThat(fixture.triggers()).hasSize(4);
    }
}
