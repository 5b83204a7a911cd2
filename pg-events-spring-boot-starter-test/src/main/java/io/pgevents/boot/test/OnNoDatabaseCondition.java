package io.pgevents.boot.test;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches if no property names a database. An empty value names none, so that a test can take back what is configured.
 */
final class OnNoDatabaseCondition extends SpringBootCondition {

    private static final List<String> NAMING = List.of("spring.datasource.url", "spring.datasource.jndi-name");

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Embedded PostgreSQL");
        for (String property : NAMING) {
            if (StringUtils.hasText(context.getEnvironment().getProperty(property))) {
                return ConditionOutcome.noMatch(message.found("property").items(property));
            }
        }
        return ConditionOutcome.match(
                message.didNotFind("property", "properties").items(NAMING));
    }
}
