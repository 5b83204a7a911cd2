package io.pgevents.boot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.EventMetadata;
import io.pgevents.OutgoingEvent;
import io.pgevents.PgSubscribe;
import io.pgevents.boot.support.BusRunner;
import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowCaptures;
import io.pgevents.capture.RowChange;
import io.pgevents.capture.RowChange.Deleted;
import io.pgevents.capture.RowChange.Inserted;
import io.pgevents.capture.RowChange.Updated;
import io.pgevents.support.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** From a write by plain SQL to the annotated method. */
class ChangesIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private final JdbcTemplate jdbc = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", "postgres"));
    private final ApplicationContextRunner runner = BusRunner.on(url).withBean(Inbox.class);

    record Profile(int id, String displayName) {}

    record Everything(Inbox inbox) {
        @PgChanges(table = "${table:profile}")
        void on(RowChange<Profile> change, EventMetadata metadata) {
            inbox.add(change);
            inbox.add(metadata.topic());
        }
    }

    record Renamed(Inbox inbox) {
        @PgChanges(table = "profile", columns = "display_name", condition = "NEW.id > 1", subscription = "renamed")
        OutgoingEvent on(Updated<Profile> change) {
            return OutgoingEvent.of("profile.renamed", change.row().displayName());
        }

        @PgSubscribe(topic = "profile.renamed")
        void on(String name) {
            inbox.add(name);
        }
    }

    record Batches(Inbox inbox) {
        @PgChanges(table = "profile", batchSize = "10")
        void on(List<RowChange<Map<String, Object>>> changes) {
            changes.forEach(inbox::add);
        }
    }

    record Live(Inbox inbox) {
        @PgChanges(table = "profile", columns = "display_name", broadcast = true, onGap = "reload")
        void on(Updated<Profile> change) {
            inbox.add(change.row());
        }

        void reload() {
            inbox.add("gap");
        }
    }

    record LiveAndUnready(Inbox inbox, AtomicBoolean ready) {
        @PgChanges(table = "profile", broadcast = true, onGap = "reload")
        void on(RowChange<Profile> change) {
            inbox.add(change);
        }

        void reload() {
            if (!ready.getAndSet(true)) {
                throw new IllegalStateException("not ready");
            }
            inbox.add("gap");
        }
    }

    record Misfit(int id, int displayName) {}

    record LiveMisfit(Inbox inbox) {
        @PgChanges(table = "profile", broadcast = true, onGap = "reload")
        void on(Updated<Misfit> change) {
            inbox.add(change.row());
        }

        void reload() {
            inbox.add("gap");
        }
    }

    record LiveBatch() {
        @PgChanges(table = "profile", broadcast = true)
        void on(List<RowChange<Profile>> changes) {}
    }

    record LiveLeased() {
        @PgChanges(table = "profile", broadcast = true, mode = PgSubscribe.LEASED)
        void on(RowChange<Profile> change) {}
    }

    record GapOfDurable() {
        @PgChanges(table = "profile", onGap = "reload")
        void on(RowChange<Profile> change) {}
    }

    private void createTable() {
        jdbc.execute("CREATE TABLE profile (id int PRIMARY KEY, display_name text)");
    }

    private void write() {
        jdbc.update("INSERT INTO profile VALUES (1, 'Ada'), (2, 'Alan')");
        jdbc.update("UPDATE profile SET display_name = 'Grace' WHERE id = 1");
        jdbc.update("UPDATE profile SET display_name = 'Kurt' WHERE id = 2");
        jdbc.update("DELETE FROM profile WHERE id = 1");
    }

    @Test
    void callsMethodsWithTheChangesOfATable() {
        createTable();
        runner.withBean(Everything.class).run(context -> {
            Inbox inbox = context.getBean(Inbox.class);
            jdbc.update("INSERT INTO profile VALUES (1, 'Ada')");
            assertThat(inbox.next()).isInstanceOfSatisfying(Inserted.class, change -> {
                assertThat(change.row()).isEqualTo(new Profile(1, "Ada"));
                assertThat(change.metadata().changedAt()).isNotNull();
            });
            assertThat(inbox.next()).isEqualTo("change.public.profile");
            jdbc.update("UPDATE profile SET display_name = 'Grace'");
            assertThat(inbox.next()).isInstanceOfSatisfying(Updated.class, change -> {
                assertThat(change.oldRow()).isEqualTo(new Profile(1, "Ada"));
                assertThat(change.row()).isEqualTo(new Profile(1, "Grace"));
                assertThat((Object) change.changed()).isEqualTo(Set.of("display_name"));
            });
            inbox.next();
            jdbc.update("DELETE FROM profile");
            assertThat(inbox.next()).isInstanceOf(Deleted.class);
        });
    }

    @Test
    void publishesNextStepsOfWhatPassesTheFilter() {
        createTable();
        runner.withBean(Renamed.class).run(context -> {
            write();
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("Kurt");
            context.getBean(Inbox.class).assertEmpty();
        });
    }

    @Test
    void handsOverBatchesInTheOrderOfEachRow() {
        createTable();
        runner.withBean(Batches.class).run(context -> {
            jdbc.update("INSERT INTO profile VALUES (1, '0')");
            for (int i = 1; i <= 50; i++) {
                jdbc.update("UPDATE profile SET display_name = ?", String.valueOf(i));
            }
            assertThat(context.getBean(Inbox.class).next()).isInstanceOf(Inserted.class);
            for (int i = 1; i <= 50; i++) {
                Updated<?> change = (Updated<?>) context.getBean(Inbox.class).next();
                assertThat(change.row()).isEqualTo(Map.of("id", 1, "display_name", String.valueOf(i)));
            }
        });
    }

    @Test
    void keepsTheOrderOfEachRowUnlessToldOtherwise() {
        createTable();
        String ordered = "SELECT ordered FROM event_subscription WHERE name = 'renamed'";
        runner.withBean(Renamed.class)
                .run(context ->
                        assertThat(jdbc.queryForObject(ordered, Boolean.class)).isTrue());
        runner.withBean(Renamed.class)
                .withPropertyValues("pg-events.subscriptions.renamed.order=none")
                .run(context ->
                        assertThat(jdbc.queryForObject(ordered, Boolean.class)).isFalse());
        runner.withBean(Renamed.class)
                .withPropertyValues("pg-events.subscription.order=none")
                .run(context ->
                        assertThat(jdbc.queryForObject(ordered, Boolean.class)).isFalse());
    }

    @Test
    void keepsTheChangesMadeWhileNoInstanceRan() {
        createTable();
        runner.withBean(Everything.class).run(context -> assertThat(context).hasNotFailed());
        write();
        runner.withBean(Everything.class)
                .run(context -> assertThat(context.getBean(Inbox.class).next()).isInstanceOf(Inserted.class));
    }

    @Test
    void startsWithLazyBeans() {
        createTable();
        runner.withBean(Everything.class)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    write();
                    assertThat(context.getBean(Inbox.class).next()).isInstanceOf(Inserted.class);
                });
    }

    @Test
    void onlyVerifiesWhenAsked() {
        createTable();
        ApplicationContextRunner verifying =
                runner.withBean(Everything.class).withPropertyValues("pg-events.capture.mode=verify");
        verifying.run(context -> assertThat(context)
                .getFailure()
                .hasStackTraceContaining("pg-events.capture.mode is verify")
                .hasStackTraceContaining("CREATE OR REPLACE TRIGGER \"pg_events_insert_"));
        runner.withBean(Everything.class)
                .run(context -> assertThat(context.getBean(RowCaptures.class).list())
                        .singleElement()
                        .satisfies(each -> assertThat(each.triggers()).hasSize(4)));
        verifying.run(context -> {
            write();
            assertThat(context.getBean(Inbox.class).next()).isInstanceOf(Inserted.class);
        });
    }

    @Test
    void saysThatTheTableIsNotThere() {
        runner.withBean(Everything.class)
                .withPropertyValues("table=shop.nothing")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("Everything.on(RowChange, EventMetadata)")
                        .hasStackTraceContaining("There is no table shop.nothing in the database")
                        .hasStackTraceContaining("let your migration create the table before the start"));
    }

    @Test
    void tellsEveryInstanceLive() {
        createTable();
        runner.withBean(Live.class)
                .run(one -> runner.withBean(Live.class).run(two -> {
                    write();
                    for (Inbox inbox : List.of(one.getBean(Inbox.class), two.getBean(Inbox.class))) {
                        assertThat(List.of(inbox.next(), inbox.next()))
                                .containsExactly(new Profile(1, "Grace"), new Profile(2, "Kurt"));
                    }
                    assertThat(jdbc.queryForObject("SELECT count(*) FROM event_queue", Long.class))
                            .isZero();
                }));
    }

    @Test
    void tellsLiveHandlersThatTheTableWasCreatedAnew() {
        createTable();
        runner.withBean(Live.class).run(context -> {
            jdbc.execute("DROP TABLE profile");
            createTable();
            context.getBean(RowCaptures.class).maintain();
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("gap");
            write();
            assertThat(context.getBean(Inbox.class).next()).isEqualTo(new Profile(1, "Grace"));
        });
    }

    @Test
    void tellsALiveHandlerThatFailsOfTheGapAgain() {
        createTable();
        runner.withBean(AtomicBoolean.class).withBean(LiveAndUnready.class).run(context -> {
            jdbc.execute("DROP TABLE profile");
            createTable();
            context.getBean(RowCaptures.class).maintain();
            context.getBean(Inbox.class).assertEmpty();
            context.getBean(RowCaptures.class).maintain();
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("gap");
        });
    }

    @Test
    void tellsLiveHandlersOfAGapWhenAChangeCannotBeConverted() {
        createTable();
        jdbc.update("INSERT INTO profile VALUES (1, '1')");
        runner.withBean(LiveMisfit.class).run(context -> {
            jdbc.update("UPDATE profile SET display_name = 'no number'");
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("gap");
            jdbc.update("UPDATE profile SET display_name = '2'");
            // Its old row does not fit either.
            assertThat(context.getBean(Inbox.class).next()).isEqualTo("gap");
            jdbc.update("UPDATE profile SET display_name = '3'");
            assertThat(context.getBean(Inbox.class).next()).isEqualTo(new Misfit(1, 3));
        });
    }

    @Test
    void refusesWhatBroadcastsDoNotHave() {
        createTable();
        runner.withBean(LiveBatch.class)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("takes a batch"));
        runner.withBean(LiveLeased.class)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("there is no mode"));
        runner.withBean(GapOfDurable.class)
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("a durable subscription has none"));
    }
}
