package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.dispatch.KeyProtocol.Omission;
import io.pgevents.dispatch.KeyProtocol.Scenario;
import io.pgevents.support.StateSpace;
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
 * Explores every order in which two instances claim, finish and fail the events of one key. No two handle the key at a
 * time; no event is handled before an earlier one has been, also if that failed and waits; and none is forgotten. Under a
 * lease an event may come again, after later ones, if its process died before it was finished.
 */
@Timeout(120)
class KeyModelTests {

    private static final Logger log = LoggerFactory.getLogger(KeyModelTests.class);

    static Stream<Scenario> scenarios() {
        return Stream.of(
                new Scenario(false, 2, false, 3),
                new Scenario(false, 3, false, 2),
                new Scenario(false, 2, true, 2),
                new Scenario(true, 2, false, 3),
                new Scenario(true, 3, false, 2),
                new Scenario(true, 2, true, 2));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void noEventOvertakesAnotherOrIsForgottenInAnyOrderOfSteps(Scenario scenario) {
        StateSpace<KeyState> space = explore(scenario, Set.of());
        assertThat(space.fault()).isNull();
        assertThat(space.forgotten()).isNull();
        assertThat(space.states()).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = Omission.class,
            names = {"READ_BEFORE_LOCK", "WAIT_FOR_RETRY"})
    void anEventOvertakesAnotherWithout(Omission rule) {
        assertThat(explore(new Scenario(false, 2, false, 1), Set.of(rule)).fault())
                .contains("has overtaken an earlier one");
    }

    @Test
    void anEventOvertakesOneThatHasFailedUnderALeaseIfTheMarkIsNotBeforeIt() {
        assertThat(explore(new Scenario(true, 2, false, 1), Set.of(Omission.MARK_BEFORE_LEASED))
                        .fault())
                .contains("has overtaken an earlier one");
    }

    @ParameterizedTest
    @EnumSource(
            value = Omission.class,
            names = {"KEY_LOCK", "KEYS_IN_PROCESS"})
    void twoHandleAKeyAtATimeWithout(Omission rule) {
        boolean leased = rule == Omission.KEYS_IN_PROCESS;
        assertThat(explore(new Scenario(leased, 2, true, 0), Set.of(rule)).fault())
                .contains("two handle the key at a time");
    }

    private static StateSpace<KeyState> explore(Scenario scenario, Set<Omission> omitted) {
        StateSpace<KeyState> space = new StateSpace<>(new KeyProtocol(scenario, omitted)).explore(scenario.start());
        log.info("{} states of {} without {}: {}", space.states(), scenario, omitted, space.fault());
        return space;
    }
}
