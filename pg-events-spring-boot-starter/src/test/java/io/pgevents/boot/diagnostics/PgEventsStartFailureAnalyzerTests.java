package io.pgevents.boot.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.PgEventsStartException;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

class PgEventsStartFailureAnalyzerTests {

    @Test
    void saysWhatIsWrongAndWhatToDo() {
        Throwable failure = new BeanCreationException(
                "bean", "cannot be created", new PgEventsStartException("The server is too old.", "Upgrade it."));

        FailureAnalysis analysis = new PgEventsStartFailureAnalyzer().analyze(failure);

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).isEqualTo("The server is too old.");
        assertThat(analysis.getAction()).isEqualTo("Upgrade it.");
    }

    @Test
    void isFoundBySpringBoot() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(
                                FailureAnalyzer.class,
                                SpringFactoriesLoader.FailureHandler.logging(LogFactory.getLog(getClass()))))
                .hasAtLeastOneElementOfType(PgEventsStartFailureAnalyzer.class);
    }
}
