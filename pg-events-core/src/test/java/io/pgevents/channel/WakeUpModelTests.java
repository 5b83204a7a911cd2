package io.pgevents.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.channel.WakeUpSteps.Omission;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Explores every order in which the steps of the wake-up can happen: without any poll, no committed event stays unseen.
 */
@Timeout(60)
class WakeUpModelTests {

    @Test
    void noCommittedEventStaysUnseenInAnyOrderOfSteps() {
        WakeUpModel model = new WakeUpModel(2, EnumSet.noneOf(Omission.class)).explore();
        assertThat(model.violations()).isEmpty();
        assertThat(model.states()).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @EnumSource(Omission.class)
    void everyStepOfTheProtocolIsNeeded(Omission omission) {
        assertThat(new WakeUpModel(2, Set.of(omission)).explore().violations()).isNotEmpty();
    }
}
