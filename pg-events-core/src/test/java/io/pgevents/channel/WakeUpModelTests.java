package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.channel.WakeUpModel.Omission;
import io.pgevents.channel.WakeUpModel.Scenario;
import io.pgevents.channel.WakeUpState.Fault;
import io.pgevents.support.StateSpace;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explores every order in which the steps of the wake-up can happen. While nothing goes wrong, and also when connections
 * are lost, every committed event is found without any poll. What a crash in the middle of a claim gives back, and what is
 * committed after nobody watches any more, may need the poll; and whatever goes wrong, nothing but the poll is ever needed:
 * each event that is there at a poll is claimed before that instance polls again.
 */
@Timeout(60)
class WakeUpModelTests {

    private static final Logger log = LoggerFactory.getLogger(WakeUpModelTests.class);
    private static final Set<Fault> NONE = EnumSet.noneOf(Fault.class);

    static Stream<Scenario> lostConnections() {
        return Stream.of(
                new Scenario(2, 2, NONE, false),
                new Scenario(2, 2, Set.of(Fault.LOSS), false),
                new Scenario(2, 2, Set.of(Fault.CUT), false),
                new Scenario(1, 2, EnumSet.of(Fault.LOSS, Fault.CUT), false));
    }

    static Stream<Scenario> allThatGoesWrong() {
        return Stream.of(
                new Scenario(2, 2, Set.of(Fault.CRASH), true),
                new Scenario(2, 2, Set.of(Fault.END_OF_WATCH), true),
                new Scenario(2, 1, EnumSet.allOf(Fault.class), true));
    }

    @ParameterizedTest
    @MethodSource("lostConnections")
    void withoutAPollNoEventIsForgottenEvenIfConnectionsAreLost(Scenario scenario) {
        assertFindsEverything(scenario, Set.of());
    }

    @ParameterizedTest
    @MethodSource("allThatGoesWrong")
    void withAPollNoEventWaitsForASecondOneWhateverGoesWrong(Scenario scenario) {
        assertFindsEverything(scenario, Set.of());
    }

    @Test
    void thePollFindsEverythingAlsoIfNothingElseDoes() {
        assertFindsEverything(new Scenario(2, 2, EnumSet.allOf(Fault.class), true), EnumSet.allOf(Omission.class));
    }

    @Test
    void onlyThePollFindsWhatACrashGivesBack() {
        assertThat(explore(new Scenario(2, 1, EnumSet.of(Fault.CRASH), false), Set.of())
                        .forgotten())
                .contains("crash in the middle of a claim");
    }

    @Test
    void onlyThePollFindsWhatIsCommittedAfterItsWatchHasEnded() {
        assertThat(explore(new Scenario(2, 1, EnumSet.of(Fault.END_OF_WATCH), false), Set.of())
                        .forgotten())
                .contains("give up the watch");
    }

    @ParameterizedTest
    @EnumSource(Omission.class)
    void withoutAPollAnEventIsForgottenWithout(Omission rule) {
        // A second instance would take the gate that the first has lost, and look.
        Scenario scenario = rule == Omission.SIGNAL_AFTER_RECONNECT
                ? new Scenario(1, 1, EnumSet.of(Fault.LOSS), false)
                : new Scenario(2, 2, NONE, false);
        StateSpace<WakeUpState> space = explore(scenario, Set.of(rule));
        assertThat(space.forgotten()).contains("never ends after");
        log.info("Forgotten without {}: {}", rule, space.forgotten());
    }

    private static void assertFindsEverything(Scenario scenario, Set<Omission> omitted) {
        StateSpace<WakeUpState> space = explore(scenario, omitted);
        assertThat(space.fault()).isNull();
        assertThat(space.forgotten()).isNull();
        assertThat(space.states()).isGreaterThan(5_000);
    }

    private static StateSpace<WakeUpState> explore(Scenario scenario, Set<Omission> omitted) {
        StateSpace<WakeUpState> space = new StateSpace<>(new WakeUpModel(scenario, omitted)).explore(scenario.start());
        log.info("{} states of {} without {}", space.states(), scenario, omitted);
        return space;
    }
}
