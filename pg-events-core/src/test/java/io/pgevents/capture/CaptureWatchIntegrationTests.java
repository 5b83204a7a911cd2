package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.INSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.pgevents.capture.Capture.Filter;
import io.pgevents.capture.RowCaptures.Mode;
import io.pgevents.support.LogCapture;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What running instances notice of what is done to their tables and triggers. */
@ExtendWith(LogCapture.class)
class CaptureWatchIntegrationTests {

    private static final Filter INSERTS = CaptureFixture.only(INSERT);

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());
    private final AtomicInteger gaps = new AtomicInteger();

    @BeforeEach
    void createTable() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text, active boolean)");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Another instance, whose triggers are there already. */
    private RowCaptures instance(Mode mode, Filter filter, AtomicInteger told) {
        RowCaptures instance = fixture.captures(mode);
        instance.onGap(instance.declare("profile", filter), told::incrementAndGet);
        instance.start();
        instance.stop();
        return instance;
    }

    private void dropTrigger() {
        fixture.sql("DROP TRIGGER " + fixture.triggers().get(0) + " ON profile");
    }

    @Test
    void installsTriggersAgainWhenTheTableIsCreatedAnewAndTellsOfTheGap() {
        Capture capture = fixture.capture("profile");
        AtomicInteger gapsOfSecond = new AtomicInteger();
        RowCaptures second = instance(Mode.INSTALL, Filter.EVERYTHING, gapsOfSecond);
        fixture.captures().onGap(capture, gaps::incrementAndGet);
        fixture.sql("DROP TABLE profile");
        fixture.captures().maintain();
        assertThat(gaps).hasValue(0);
        assertThat(LogCapture.warnings()).anyMatch(each -> each.contains("\"public\".\"profile\" is gone"));

        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text)", "INSERT INTO profile VALUES (1)");
        fixture.captures().maintain();
        second.maintain();
        fixture.sql("INSERT INTO profile VALUES (2)");
        assertThat(fixture.changes()).extracting(each -> each.metadata().key()).containsExactly("2");
        assertThat(gaps).hasValue(1);
        assertThat(gapsOfSecond).as("another instance has installed them").hasValue(1);
        fixture.captures().maintain();
        second.maintain();
        assertThat(gaps).hasValue(1);
        assertThat(gapsOfSecond).hasValue(1);
    }

    @Test
    void installsADroppedTriggerAgain() {
        fixture.captures().onGap(fixture.capture("profile", CaptureFixture.only(INSERT)), gaps::incrementAndGet);
        fixture.sql("DROP TRIGGER " + fixture.triggers().get(0) + " ON profile");
        fixture.captures().maintain();
        assertThat(fixture.triggers()).hasSize(1);
        assertThat(gaps).hasValue(1);
    }

    @Test
    void looksAfterTriggersByItself() {
        RowCaptures attentive =
                fixture.captures(fixture.bus().pool(), CaptureFixture.attentive(Duration.ofMillis(100)));
        attentive.onGap(attentive.declare("profile", INSERTS), gaps::incrementAndGet);
        attentive.start();
        try {
            for (int round = 1; round <= 2; round++) {
                dropTrigger();
                await().untilAtomic(gaps, is(round));
                assertThat(fixture.triggers()).hasSize(1);
            }
        } finally {
            attentive.stop();
        }
    }

    @Test
    void warnsOfADisabledTrigger() {
        fixture.capture("profile", CaptureFixture.only(INSERT));
        fixture.sql("ALTER TABLE profile DISABLE TRIGGER " + fixture.triggers().get(0));
        fixture.captures().maintain();
        assertThat(LogCapture.warnings()).anyMatch(each -> each.contains("is disabled: changes are not captured"));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void tellsOfTriggersThatAnotherInstanceHasInstalledAgain(Mode mode) {
        fixture.capture("profile", INSERTS);
        RowCaptures second = instance(mode, INSERTS, gaps);
        dropTrigger();
        fixture.captures().maintain();
        second.maintain();
        assertThat(gaps).hasValue(1);
        second.maintain();
        assertThat(gaps).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void tellsOfTriggersThatWereSwitchedOffAndOn(Mode mode) {
        fixture.capture("profile", INSERTS);
        RowCaptures second = instance(mode, INSERTS, gaps);
        String trigger = fixture.triggers().get(0);
        fixture.sql("ALTER TABLE profile DISABLE TRIGGER " + trigger);
        second.maintain();
        assertThat(gaps).hasValue(1);
        fixture.sql("ALTER TABLE profile ENABLE TRIGGER " + trigger);
        second.maintain();
        assertThat(gaps).as("what was done meanwhile").hasValue(2);
        fixture.sql("ALTER TABLE profile DISABLE TRIGGER USER", "ALTER TABLE profile ENABLE TRIGGER USER");
        second.maintain();
        assertThat(gaps).as("between two looks").hasValue(3);
        second.maintain();
        assertThat(gaps).hasValue(3);
    }

    @Test
    void tellsOfMissingTriggersAndOfTheirReturnWhenItOnlyVerifies() {
        fixture.capture("profile", INSERTS);
        RowCaptures verifying = instance(Mode.VERIFY, INSERTS, gaps);
        dropTrigger();
        verifying.maintain();
        verifying.maintain();
        assertThat(gaps).hasValue(1);
        assertThat(fixture.triggers()).isEmpty();
        fixture.sql(verifying.script());
        verifying.maintain();
        assertThat(gaps).hasValue(2);
    }

    @Test
    void doesNotTakeATriggerThatAnotherVersionReplacesForAGap() {
        fixture.capture("profile", INSERTS);
        instance(Mode.INSTALL, INSERTS, new AtomicInteger());
        RowCaptures second = instance(Mode.INSTALL, INSERTS, gaps);
        String trigger = fixture.triggers().get(0);
        fixture.sql(
                "CREATE OR REPLACE TRIGGER " + trigger + " AFTER INSERT ON profile FOR EACH ROW"
                        + " EXECUTE FUNCTION event_capture_change('change.public.profile', 'public', 'profile', 'name')",
                "COMMENT ON TRIGGER " + trigger + " ON profile IS 'of another version'");
        second.maintain();
        assertThat(gaps).hasValue(0);
    }

    @Test
    void looksAfterTheOthersWhenOneCaptureFails() {
        Filter broken = new Filter(INSERTS.operations(), List.of(), "NEW.name = 'a'");
        fixture.capture("profile", broken);
        fixture.sql("CREATE TABLE other (id int PRIMARY KEY)");
        for (String table : List.of("profile", "other")) {
            fixture.captures().onGap(fixture.capture(table, INSERTS), gaps::incrementAndGet);
        }
        Capture expired = fixture.captures(Mode.INSTALL).declare("other", Filter.EVERYTHING);
        fixture.jdbc()
                .update(
                        "INSERT INTO event_capture (table_schema, table_name, filter, topic, description, used_at)"
                                + " VALUES ('public', 'other', '', ?, '', now() - interval '2 days')",
                        expired.topic());
        fixture.sql(
                "DROP TABLE profile",
                "DROP TABLE other",
                "CREATE TABLE profile (id int PRIMARY KEY)",
                "CREATE TABLE other (id int PRIMARY KEY)");
        fixture.captures().maintain();
        assertThat(gaps).hasValue(2);
        assertThat(fixture.triggers()).hasSize(2);
        assertThat(fixture.captures().list())
                .extracting(RowCaptures.Status::filter)
                .doesNotContain("");
        assertThat(LogCapture.warnings()).anyMatch(each -> each.contains("\"profile\" cannot be looked after"));
    }

    @Test
    void tellsTheOthersWhenOneListenerFailsAndThatOneAgain() {
        AtomicInteger tries = new AtomicInteger();
        Capture capture = fixture.capture("profile", INSERTS);
        fixture.captures().onGap(capture, () -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
            }
        });
        fixture.captures().onGap(capture, gaps::incrementAndGet);
        dropTrigger();
        fixture.captures().maintain();
        assertThat(tries).hasValue(1);
        assertThat(gaps).hasValue(1);
        fixture.captures().maintain();
        fixture.captures().maintain();
        assertThat(tries).hasValue(2);
        assertThat(gaps).hasValue(1);
    }

    @Test
    void aTableThatHasGivenItsNameToAnotherOneIsNoLongerCaptured() {
        fixture.captures().onGap(fixture.capture("profile"), gaps::incrementAndGet);
        fixture.sql("CREATE TABLE profile_new (id int PRIMARY KEY)", "INSERT INTO profile VALUES (1)");
        swap();
        fixture.captures().maintain();
        fixture.sql("DELETE FROM profile_old", "INSERT INTO profile VALUES (2)");
        assertThat(fixture.operations()).containsExactly(INSERT, INSERT);
        assertThat(fixture.triggers()).hasSize(4);
        assertThat(gaps).hasValue(1);
        assertThat(LogCapture.warnings()).anyMatch(each -> each.contains("Its triggers are removed"));
    }

    @Test
    void warnsOfATableThatHasGivenItsNameToAnotherOneWhenItOnlyVerifies() {
        fixture.capture("profile", INSERTS);
        RowCaptures verifying = instance(Mode.VERIFY, INSERTS, gaps);
        fixture.sql("CREATE TABLE profile_new (id int PRIMARY KEY)");
        String drop = "DROP TRIGGER IF EXISTS \"" + fixture.triggers().get(0) + "\" ON \"public\".\"profile_old\"";
        swap();
        verifying.maintain();
        verifying.maintain();
        assertThat(fixture.triggers()).hasSize(1);
        assertThat(LogCapture.warnings())
                .filteredOn(each -> each.contains("until somebody runs: [" + drop))
                .hasSize(1);
    }

    @Test
    void aTableThatIsOnlyRenamedKeepsItsTriggers() {
        fixture.capture("profile", INSERTS);
        fixture.sql("ALTER TABLE profile RENAME TO person");
        fixture.captures().maintain();
        assertThat(fixture.triggers()).hasSize(1);
    }

    private void swap() {
        fixture.sql("ALTER TABLE profile RENAME TO profile_old", "ALTER TABLE profile_new RENAME TO profile");
    }
}
