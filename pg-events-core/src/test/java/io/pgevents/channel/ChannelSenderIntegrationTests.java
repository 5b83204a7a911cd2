package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.InvalidEventException;
import io.pgevents.codec.Jackson2EventCodec;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** What is sent, and when others hear it. */
@Timeout(60)
class ChannelSenderIntegrationTests {

    private static final String LAST = "last";

    private final TestBus bus = new TestBus(TestPostgres.newDatabaseUrl());
    private final ChannelSender sender = new ChannelSender(bus.pool(), bus.schema(), new Jackson2EventCodec());
    private final Heard heard = new Heard();

    @BeforeEach
    void start() {
        bus.start();
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private void listen(String channel) throws InterruptedException {
        assertThat(bus.channels().listen(channel, heard).awaitListening(Duration.ofSeconds(30)))
                .isTrue();
    }

    @Test
    void isHeardAtTheCommitAndNeverAfterARollback() throws InterruptedException {
        listen("prices");
        bus.transaction().executeWithoutResult(status -> {
            sender.send("prices", "rolled back");
            status.setRollbackOnly();
        });
        bus.transaction().executeWithoutResult(status -> {
            sender.send("prices", "committed");
            // This one commits on its own: what was sent already would be heard before it.
            inAnotherTransaction(() -> sender.send("prices", "meanwhile"));
            heard.await("meanwhile");
            assertThat(heard.all()).containsExactly("meanwhile");
        });
        heard.await("committed");
        assertThat(heard.all()).containsExactly("meanwhile", "committed");
    }

    private void inAnotherTransaction(Runnable work) {
        TransactionTemplate another = bus.transaction();
        another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        another.executeWithoutResult(status -> work.run());
    }

    @Test
    void isSentAtOnceWithoutATransactionAndMayBeEmpty() throws InterruptedException {
        listen("prices");
        sender.send("prices", "");
        sender.sendJson("prices", Map.of("item", "book"));
        heard.await("{\"item\":\"book\"}");
        assertThat(heard.all()).containsExactly("", "{\"item\":\"book\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upper",
                "with space",
                " ",
                "order.placed",
                "say \"hi\"",
                "it's; DROP TABLE event_queue",
                "{d '2026-01-01'} ? :x $1 -- /*",
                "back\\slash",
                "preise-ü-€-😀",
                "line\nbreak"
            })
    void takesNamesExactlyAsTheyAre(String name) throws InterruptedException {
        listen(name);
        sender.send(name.toLowerCase(Locale.ROOT) + "_", "to another one");
        sender.send(name, LAST);
        heard.await(LAST);
        assertThat(heard.all()).containsExactly(LAST);
    }

    @Test
    void foldsWhatIsEqualWithinATransactionAsTheServerDoes() throws InterruptedException {
        listen("prices");
        bus.transaction().executeWithoutResult(status -> {
            List.of("1", "1", "2", "1").forEach(each -> sender.send("prices", each));
            sender.send("prices", LAST);
        });
        heard.await(LAST);
        assertThat(heard.all()).containsExactly("1", "2", LAST);
    }

    @Test
    void takes7999BytesAndNamesTheAlternativeForMore() throws InterruptedException {
        listen("prices");
        String longest = "x".repeat(7_999);
        sender.send("prices", longest);
        heard.await(longest);
        for (String tooLong : List.of("x".repeat(8_000), "ü".repeat(4_000))) {
            assertThatThrownBy(() -> sender.send("prices", tooLong))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("has 8000 bytes, but PostgreSQL takes at most 7999")
                    .hasMessageContaining("broadcast topic");
        }
    }

    @Test
    void aRefusedOneLeavesTheTransactionAlone() throws InterruptedException {
        listen("prices");
        bus.transaction().executeWithoutResult(status -> {
            for (String channel : List.of("", "pg_events_1", "x".repeat(64), "a\0b")) {
                assertThatThrownBy(() -> sender.send(channel, "1")).isInstanceOf(InvalidEventException.class);
            }
            for (String payload : List.of("a\0b", "\uDC00")) {
                assertThatThrownBy(() -> sender.send("prices", payload)).isInstanceOf(InvalidEventException.class);
            }
            sender.send("prices", LAST);
        });
        heard.await(LAST);
        assertThat(heard.all()).containsExactly(LAST);
    }
}
