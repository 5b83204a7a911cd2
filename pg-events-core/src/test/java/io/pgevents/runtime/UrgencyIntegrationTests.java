package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.OutgoingEvent;
import io.pgevents.Priority;
import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is handled first, and what not yet. */
class UrgencyIntegrationTests {

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final Recorder recorder = new Recorder();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void handlesAllOfAPriorityBeforeAnyOfTheNext() {
        bus.subscribe("s", "a", TestSettings.batchSize(7), recorder).start();
        bus.stop();
        List<OutgoingEvent> events = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            for (int i = 0; i < 40; i++) {
                events.add(OutgoingEvent.of("a", i).withPriority(priority));
            }
        }
        Collections.shuffle(events, new Random(1));
        bus.publisher().publishAll(events);
        bus.start();
        assertThat(recorder.await(120))
                .extracting(event -> event.metadata().priority())
                .isSorted();
    }

    @Test
    void letsAnUrgentEventOvertakeABacklog() {
        bus.subscribe("s", "a", TestSettings.batchSize(5), event -> {
                    if (recorder.events().isEmpty()) {
                        bus.publisher().publish(OutgoingEvent.of("a", -1).withPriority(Priority.HIGH));
                    }
                    return recorder.handle(event);
                })
                .start();
        bus.stop();
        bus.publisher().publishAll(Collections.nCopies(200, OutgoingEvent.of("a", 1)));
        bus.start();
        recorder.await(201);
        assertThat(recorder.payloads().indexOf("-1")).isBetween(1, 15);
    }

    @Test
    void handlesADelayedEventOnTimeThroughTheTimer() {
        bus.settings(TestSettings::slowPoll)
                .subscribe("s", "a", TestSettings.QUICK, recorder)
                .start();
        bus.publisher().publish("a", 0);
        recorder.await(1);
        bus.publisher().publish(OutgoingEvent.of("a", 1).withDelay(Duration.ofMillis(900)));
        bus.publisher().publish(OutgoingEvent.of("a", 2).withDelay(Duration.ofHours(1)));
        recorder.await(2);
        assertNotEarly();
        assertThat(recorder.payloads()).containsExactly("0", "1");
    }

    @Test
    void handlesADelayedForeignEventOnTimeThroughTheNotification() {
        bus.settings(TestSettings::slowPoll)
                .subscribe("s", "a", TestSettings.QUICK, recorder)
                .start();
        bus.publisher().publish("a", 0);
        recorder.await(1);
        await().until(() -> bus.jdbc()
                .queryForObject(
                        "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND objid = hashtext('s')::oid"
                                + " AND classid = 'event_queue'::regclass",
                        Boolean.class));
        bus.jdbc()
                .update("INSERT INTO event_queue (topic, payload, process_at)"
                        + " VALUES ('a', '1', clock_timestamp() + interval '900 ms')");
        recorder.await(2);
        assertNotEarly();
    }

    @Test
    void handlesWhatBecameDueDuringAStandstill() {
        bus.subscribe("s", "a", TestSettings.QUICK, recorder).start();
        bus.stop();
        bus.publisher().publish(OutgoingEvent.of("a", 1).withDelay(Duration.ofMillis(300)));
        bus.publisher().publish(OutgoingEvent.of("a", 2).withDelay(Duration.ofMillis(1_500)));
        bus.settings(TestSettings::slowPoll);
        await().until(() -> bus.jdbc()
                .queryForObject("SELECT min(process_at) < clock_timestamp() FROM event_queue", Boolean.class));
        bus.settings(settings -> new PgEventsSettings(
                "test", true, Duration.ofMillis(500), 5, Duration.ofSeconds(5), settings.retention()));
        bus.start();
        recorder.await(2);
        assertThat(recorder.payloads()).containsExactly("1", "2");
    }

    /** It was not handled early; and that it was handled at all shows that it did not wait for the poll. */
    private void assertNotEarly() {
        await().until(() -> bus.count("done") == 2);
        assertThat(bus.jdbc()
                        .queryForObject(
                                "SELECT finished_at >= process_at FROM event_queue WHERE payload = '1'", Boolean.class))
                .isTrue();
    }
}
