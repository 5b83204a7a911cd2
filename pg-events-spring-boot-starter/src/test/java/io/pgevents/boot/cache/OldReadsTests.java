package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.hibernate.Session;
import org.hibernate.stat.SessionStatistics;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.orm.jpa.EntityManagerHolder;

class OldReadsTests {

    @Test
    void aNativeImageCanLookIntoPersistenceContexts() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new OldReads.Hints().registerHints(hints, getClass().getClassLoader());
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(EntityManagerHolder.class.getMethod("getEntityManager"))
                        .and(RuntimeHintsPredicates.reflection()
                                .onMethodInvocation(Session.class.getMethod("getStatistics")))
                        .and(RuntimeHintsPredicates.reflection()
                                .onMethodInvocation(SessionStatistics.class.getMethod("getEntityCount"))))
                .accepts(hints);
    }
}
