package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.dispatch.ClaimProtocol.Omission;
import io.pgevents.dispatch.ClaimProtocol.Scenario;
import io.pgevents.support.StateSpace;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explores every order in which publishers insert and commit and workers claim, finish, fail and crash. No event is
 * handled by two committed transactions or finished with a stale token; what an instance has freed itself, or is above
 * its floor, it finds without a sweep; and nothing is forgotten for ever.
 */
@Timeout(120)
class ClaimModelTests {

    private static final Logger log = LoggerFactory.getLogger(ClaimModelTests.class);
    private static final List<Integer> ONE_AND_TWO_EVENTS = List.of(0, 1, 1);
    private static final List<Integer> ONE_EVENT_EACH = List.of(0, 1);
    private static final List<Integer> TWO_INSTANCES = List.of(0, 1);
    private static final List<Integer> TWO_WORKERS = List.of(0, 0);

    static Stream<Scenario> scenarios() {
        return Stream.of(
                new Scenario(false, 1, 1, ONE_AND_TWO_EVENTS, TWO_INSTANCES),
                new Scenario(false, 2, 1, ONE_AND_TWO_EVENTS, TWO_INSTANCES),
                new Scenario(false, 1, 1, ONE_AND_TWO_EVENTS, TWO_WORKERS),
                new Scenario(false, 2, 1, ONE_AND_TWO_EVENTS, TWO_WORKERS),
                new Scenario(true, 1, 2, ONE_EVENT_EACH, TWO_INSTANCES),
                new Scenario(true, 2, 2, ONE_EVENT_EACH, TWO_WORKERS));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void noEventIsHandledTwiceOrForgottenInAnyOrderOfSteps(Scenario scenario) {
        StateSpace<ClaimState> space = explore(scenario, Set.of());
        assertThat(space.fault()).isNull();
        assertThat(space.forgotten()).isNull();
        assertThat(space.states()).isGreaterThan(50_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = Omission.class,
            names = {"ROW_LOCKS", "RECHECK_OF_LOCKED_ROWS"})
    void anEventIsHandledTwiceWithout(Omission rule) {
        Scenario scenario = new Scenario(false, 1, 0, ONE_EVENT_EACH, TWO_INSTANCES);
        assertThat(explore(scenario, Set.of(rule)).fault()).contains("is handled twice");
    }

    @ParameterizedTest
    @EnumSource(
            value = Omission.class,
            names = {"RETREAT", "COUNT_OF_RETREATS"})
    void theFloorPassesWhatWasFreedWithout(Omission rule) {
        Scenario scenario = new Scenario(false, 1, 1, ONE_AND_TWO_EVENTS, TWO_WORKERS);
        assertThat(explore(scenario, Set.of(rule)).fault()).contains("the floor of 0 has passed");
    }

    @ParameterizedTest
    @EnumSource(
            value = Omission.class,
            names = {"SWEEPS", "RECOVERY"})
    void anEventIsForgottenWithout(Omission rule) {
        Scenario scenario = new Scenario(rule == Omission.RECOVERY, 1, 1, ONE_EVENT_EACH, TWO_INSTANCES);
        StateSpace<ClaimState> space = explore(scenario, Set.of(rule));
        assertThat(space.fault()).isNull();
        assertThat(space.forgotten()).contains("never ends after");
        log.info("Forgotten without {}: {}", rule, space.forgotten());
    }

    @ParameterizedTest
    @EnumSource(value = Omission.class, names = "TOKEN")
    void aStaleTokenFinishesWithout(Omission rule) {
        Scenario scenario = new Scenario(true, 1, 1, ONE_EVENT_EACH, TWO_INSTANCES);
        assertThat(explore(scenario, Set.of(rule)).fault()).contains("is handled twice");
    }

    private static StateSpace<ClaimState> explore(Scenario scenario, Set<Omission> omitted) {
        StateSpace<ClaimState> space = new StateSpace<>(new ClaimProtocol(scenario, omitted)).explore(scenario.start());
        log.info("{} states of {} without {}", space.states(), scenario, omitted);
        return space;
    }
}
