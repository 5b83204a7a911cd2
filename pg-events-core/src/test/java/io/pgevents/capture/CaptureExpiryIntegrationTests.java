package io.pgevents.capture;

import static io.pgevents.capture.RowChange.Operation.INSERT;
import static io.pgevents.capture.RowChange.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.capture.Capture.Filter;
import io.pgevents.support.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long triggers stay, and which ones are never touched. */
class CaptureExpiryIntegrationTests {

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());

    @BeforeEach
    void createTable() {
        fixture.sql("CREATE TABLE profile (id int PRIMARY KEY, name text, active boolean)");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void triggersStayAsLongAsSomebodyDeclaresThem() {
        Filter inserts = CaptureFixture.only(INSERT);
        RowCaptures old = fixture.another(RowCaptures.Mode.INSTALL, inserts);
        old.start();
        RowCaptures young = fixture.another(RowCaptures.Mode.INSTALL, CaptureFixture.only(UPDATE));
        young.start();
        assertThat(fixture.triggers()).hasSize(2);
        young.maintain();
        assertThat(fixture.triggers()).hasSize(2);

        fixture.letADayPass();
        young.stop();
        young.start();
        young.maintain();
        assertThat(fixture.triggers()).singleElement().asString().startsWith("pg_events_update_");
        assertThat(young.list())
                .singleElement()
                .satisfies(each -> assertThat(each.triggers()).isEqualTo(fixture.triggers()));
        old.stop();
        old.start();
        assertThat(fixture.triggers()).as("declared again").hasSize(2);
        old.stop();
        young.stop();
    }

    @Test
    void triggersStayForTheDurableSubscriptionsOfAnApplicationThatIsDown() {
        fixture.capture("profile", CaptureFixture.only(INSERT));
        fixture.captures().declare("profile", CaptureFixture.only(UPDATE));
        fixture.captures().stop();
        fixture.jdbc().update("INSERT INTO event_subscription (name, topics, topic_regex) VALUES ('all', '{#}', '.*')");
        fixture.letADayPass();
        RowCaptures other = fixture.captures(RowCaptures.Mode.INSTALL);
        other.maintain();
        assertThat(fixture.triggers())
                .as("nobody but a pattern has the topic of the updates")
                .singleElement()
                .asString()
                .startsWith("pg_events_insert_");
        fixture.unsubscribe();
        other.maintain();
        assertThat(fixture.triggers()).isEmpty();
    }

    @Test
    void doesNotTakeLiveTopicsForSubscriptions() {
        Capture capture = fixture.captures().declare("profile", Filter.EVERYTHING);
        fixture.captures().start();
        fixture.captures().stop();
        fixture.jdbc()
                .update("INSERT INTO event_subscription (name, topics) VALUES ('$live', ARRAY[?])", capture.topic());
        fixture.letADayPass();
        fixture.captures(RowCaptures.Mode.INSTALL).maintain();
        assertThat(fixture.triggers()).isEmpty();
    }

    @Test
    void theDocumentedStatementsRemoveTriggersByHand() {
        fixture.capture("profile");
        fixture.jdbc()
                .queryForList(
                        "SELECT format('DROP TRIGGER %I ON %s;', tgname, tgrelid::regclass) FROM pg_trigger"
                                + " WHERE tgfoid = 'event_capture_change'::regproc AND tgparentid = 0",
                        String.class)
                .forEach(fixture::sql);
        assertThat(fixture.triggers()).isEmpty();
    }

    @Test
    void leavesTriggersAndTablesOfOthersAlone() {
        fixture.sql(
                "CREATE TABLE other (id int)",
                "CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER pg_events_insert_of_others AFTER INSERT ON profile EXECUTE FUNCTION noop()",
                "CREATE TRIGGER by_hand AFTER INSERT ON other FOR EACH ROW"
                        + " EXECUTE FUNCTION event_capture_change('change.public.other', 'public', 'other')");
        fixture.capture("profile", CaptureFixture.only(INSERT));
        fixture.unsubscribe();
        fixture.letADayPass();
        RowCaptures other = fixture.captures(RowCaptures.Mode.INSTALL);
        other.maintain();
        assertThat(fixture.triggers()).containsExactly("pg_events_insert_of_others");
        assertThat(fixture.jdbc()
                        .queryForList("SELECT tgname FROM pg_trigger WHERE tgrelid = 'other'::regclass", String.class))
                .containsExactly("by_hand");
    }

    @Test
    void findsTheTriggersOfARenamedTableToRemoveThem() {
        fixture.capture("profile");
        fixture.sql("ALTER TABLE profile RENAME TO person");
        fixture.unsubscribe();
        fixture.letADayPass();
        fixture.captures(RowCaptures.Mode.INSTALL).maintain();
        assertThat(fixture.triggers()).isEmpty();
    }

    @Test
    void removesNothingWhenItOnlyVerifies() {
        fixture.capture("profile");
        fixture.unsubscribe();
        fixture.letADayPass();
        fixture.captures(RowCaptures.Mode.VERIFY).maintain();
        assertThat(fixture.triggers()).hasSize(4);
    }
}
