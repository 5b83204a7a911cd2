package io.pgevents.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.live.LogPage.Row;
import io.pgevents.subscription.TopicPattern;
import io.pgevents.support.LiveRecorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much of the log is in memory at once. */
@Timeout(60)
class LogPageIntegrationTests {

    private static final int LARGE = 1 << 20;

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final LogReader reader = new LogReader(bus.pool(), bus.schema());

    @AfterEach
    void close() {
        bus.close();
    }

    private void insert(int events, int size) {
        bus.jdbc()
                .update(
                        "INSERT INTO event_log (topic, payload)"
                                + " SELECT 't', to_jsonb(repeat('x', ?) || n) FROM generate_series(1, ?) AS n",
                        size,
                        events);
    }

    private List<Integer> pages(Position from) {
        List<Integer> sizes = new ArrayList<>();
        Position start = from.beforeAll(reader.now().upto());
        reader.read(start, null, rows -> {
            sizes.add(rows.size());
            assertThat(rows.stream()
                            .mapToLong(each -> each.event().payload().length())
                            .sum())
                    .isLessThan(LogReader.PAGE_BYTES + LARGE + 100);
            return true;
        });
        return sizes;
    }

    @Test
    void manySmallEventsAreAPage() {
        Position before = reader.now().end();
        insert(200, 100);
        LogPage page = reader.read(before.upto());
        assertThat(page.isLast()).isTrue();
        assertThat(page.rows()).hasSize(200);
        assertThat(pages(before)).containsExactly(200);
    }

    @Test
    void fewLargeEventsAreSeveralPages() {
        Position before = reader.now().end();
        insert(3, LARGE);
        assertThat(reader.read(before.upto()).rows()).hasSize(3);
        insert(20, LARGE);
        LogPage page = reader.read(before.upto());
        assertThat(page.isLast()).isFalse();
        assertThat(page.rows()).isEmpty();
        List<Integer> sizes = pages(before);
        assertThat(sizes).hasSizeBetween(5, 10);
        assertThat(sizes.stream().mapToInt(each -> each).sum()).isEqualTo(23);
    }

    @Test
    void anEventThatIsLargerThanAPageIsReadAlone() {
        Position before = reader.now().end();
        insert(2, 6 * LARGE);
        assertThat(reader.read(before.upto()).isLast()).isFalse();
        List<Row> all = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        reader.read(before.beforeAll(reader.now().upto()), null, rows -> {
            sizes.add(rows.size());
            return all.addAll(rows);
        });
        assertThat(sizes).containsExactly(1, 1);
        assertThat(all).extracting(each -> each.event().payload().length()).containsOnly(6 * LARGE + 3);
    }

    @Test
    void largeEventsAreHandedOverInOrder() {
        LiveRecorder live = new LiveRecorder();
        bus.live("t").start();
        bus.feed().listen(List.of(new TopicPattern("t")), live);
        insert(15, LARGE);
        live.await(15);
        for (int i = 0; i < 15; i++) {
            assertThat(live.payloads().get(i)).endsWith("x" + (i + 1) + "\"");
        }
        assertThat(live.gaps()).isZero();
    }
}
