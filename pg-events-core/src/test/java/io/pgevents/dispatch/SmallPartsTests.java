package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pgevents.channel.Heat;
import io.pgevents.queue.ClaimedEvent;
import io.pgevents.retry.Outage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** Limits, backlog, heat, outage, caution: each small enough to be shown in a few lines. */
class SmallPartsTests {

    @Nested
    class BatchLimits {

        private final BatchLimit limit = new BatchLimit(100);

        @Test
        void growsWhileEventsAreFast() {
            for (int i = 0; i < 5; i++) {
                limit.handled(limit.next(), 1000);
            }
            assertThat(limit.next()).isEqualTo(100);
        }

        @Test
        void shrinksToWhatFitsIntoAFifthOfASecond() {
            limit.handled(8, Duration.ofSeconds(8).toNanos());
            assertThat(limit.next()).isEqualTo(1);
        }

        @Test
        void takesEventsAloneAfterAFailureAndThenFewerThanBefore() {
            limit.careful(3);
            assertThat(List.of(limit.next(), limit.next(), limit.next(), limit.next()))
                    .containsExactly(1, 1, 1, 4);
        }

        @Test
        void neverExceedsItsMost() {
            assertThat(new BatchLimit(1).next()).isEqualTo(1);
            BatchLimit two = new BatchLimit(2);
            two.handled(2, 1);
            assertThat(two.next()).isEqualTo(2);
        }
    }

    @Nested
    class Heats {

        private static final int ENOUGH = 10_000;

        private final Heat heat = new Heat();

        @Test
        void becomesHotAfterMoreThanTenNotificationsInAShortTime() {
            assertThat(heat.isHot()).isFalse();
            int knocks = 1;
            while (!heat.knocked() && knocks < ENOUGH) {
                knocks++;
            }
            boolean hot = heat.isHot();
            // More only if the machine stood still for longer than the short time.
            assertThat(knocks).isGreaterThan(10).isLessThan(ENOUGH);
            assertThat(hot).isTrue();
        }

        @Test
        void saysItAgainIfItIsStillNotified() {
            int asked = 0;
            for (int i = 0; i < ENOUGH; i++) {
                asked += heat.knocked() ? 1 : 0;
            }
            assertThat(asked).isBetween(2, ENOUGH / 11);
        }

        @Test
        void isNotHotFromWorkAlone() {
            heat.worked();
            assertThat(heat.isHot()).isFalse();
        }
    }

    @Nested
    class Outages {

        @Test
        void knowsALostConnectionFromABadEvent() {
            assertThat(Outage.isOutage(new CannotGetJdbcConnectionException("no")))
                    .isTrue();
            assertThat(Outage.isOutage(
                            new DataAccessResourceFailureException("x", new SQLException("terminated", "57P01"))))
                    .isTrue();
            assertThat(Outage.isOutage(new RuntimeException(new SQLException("broken", "08006"))))
                    .isTrue();
            assertThat(Outage.isOutage(new RuntimeException(new SQLException("full", "53300"))))
                    .isTrue();
            assertThat(Outage.isOutage(new SQLException("This connection has been closed.")))
                    .isTrue();
            assertThat(Outage.isOutage(new DuplicateKeyException("x", new SQLException("dup", "23505"))))
                    .isFalse();
            assertThat(Outage.isOutage(new SQLException("canceled", "57014"))).isFalse();
            assertThat(Outage.isOutage(new IllegalStateException("closed"))).isFalse();
        }

        @Test
        void endsOnACauseThatIsItsOwn() {
            Exception a = new Exception("a");
            Exception b = new Exception("b", a);
            a.initCause(b);
            assertThat(Outage.isOutage(a)).isFalse();
        }

        @Test
        void tellsOfEachPartThatFailsForAReasonOfItsOwn() {
            ListAppender<ILoggingEvent> logs = new ListAppender<>();
            logs.start();
            Logger logger = (Logger) LoggerFactory.getLogger(Outage.class);
            logger.addAppender(logs);
            Outage outage = new Outage();
            outage.failed("The pruning", new SQLException("denied", "42501"));
            outage.failed("The poll", new SQLException("gone", "08006"));
            outage.failed("The consumer", new SQLException("denied", "42501"));
            outage.failed("The consumer", new SQLException("denied", "42501"));
            outage.worked("The consumer");
            outage.failed("The consumer", new SQLException("denied", "42501"));
            logger.detachAppender(logs);
            assertThat(logs.list)
                    .filteredOn(each -> each.getLevel() == Level.WARN)
                    .extracting(each -> each.getArgumentArray()[0] + " " + (each.getThrowableProxy() != null))
                    .containsExactly("The pruning true", "The consumer true", "The consumer false");
        }

        @Test
        void pausesLongerAndBeginsAnewAfterItHasWorked() {
            Outage outage = new Outage();
            Duration longest = Duration.ZERO;
            for (int i = 0; i < 20; i++) {
                longest = outage.failed("The test", new IllegalStateException());
            }
            assertThat(longest).isBetween(Duration.ofMillis(2500), Duration.ofMillis(7500));
            outage.worked("The test");
            assertThat(outage.failed("The test", new IllegalStateException())).isLessThan(Duration.ofMillis(200));
        }
    }

    @Nested
    class Cautions {

        @Test
        void countsFreshEventsTogetherAndThoseThatHaveFailedAlone() {
            assertThat(Caution.together(List.of(FloorTests.event(1), FloorTests.event(2), FloorTests.event(3, 1, 9))))
                    .hasSize(2);
            assertThat(Caution.together(List.of(FloorTests.event(3, 1, 9), FloorTests.event(4))))
                    .hasSize(1);
        }

        @Test
        void holdsUpOnlyWhatHasToBeAloneAndItsKey() {
            List<ClaimedEvent> events =
                    List.of(FloorTests.event(1, 1, 9), FloorTests.event(2), FloorTests.event(3, 0, 1));
            assertThat(Caution.besides(events, false)).containsExactly(events.get(1));
            assertThat(Caution.besides(events, true))
                    .as("all have the same key")
                    .isEmpty();
        }

        @Test
        void countsEventsAloneThatHaveNoAttemptToSpare() {
            assertThat(Caution.together(List.of(FloorTests.event(1, 0, 1), FloorTests.event(2, 0, 1))))
                    .hasSize(1);
        }

        @Test
        void suspectsWhatWasHandledWhenTheConnectionWasLostUntilAnAttemptHasEnded() {
            Caution caution = new Caution(-1);
            caution.connectionLost(List.of(FloorTests.event(1)));
            assertThat(caution.isSuspect(FloorTests.event(1))).isTrue();
            assertThat(caution.isSuspect(FloorTests.event(2))).isFalse();
            caution.ended(List.of(FloorTests.event(1)));
            assertThat(caution.isSuspect(FloorTests.event(1))).isFalse();
        }

        @Test
        void suspectsWhatWasThereBeforeTheCrash() {
            assertThat(new Caution(5).isSuspect(FloorTests.event(5))).isTrue();
            assertThat(new Caution(5).isSuspect(FloorTests.event(6))).isFalse();
            assertThat(new Caution(-1).isSuspect(FloorTests.event(0))).isFalse();
        }
    }

    @Test
    void whatIsDearIsNotDueAgainForAWhile() {
        Duty duty = new Duty(4, Duration.ofSeconds(1));
        duty.took(Duration.ofSeconds(1));
        assertThat(duty.isDue()).isTrue();
        duty.took(Duration.ofMillis(1_001));
        assertThat(duty.isDue()).isFalse();
    }
}
