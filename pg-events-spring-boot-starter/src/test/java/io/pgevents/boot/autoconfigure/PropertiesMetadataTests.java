package io.pgevents.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.retry.RetryPolicy;
import io.pgevents.subscription.SubscriptionSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PropertiesMetadataTests {

    private static final List<String> NAMES = List.of(
            "pg-events.enabled",
            "pg-events.schema.name",
            "pg-events.schema.migrate",
            "pg-events.listen.enabled",
            "pg-events.listen.url",
            "pg-events.listen.username",
            "pg-events.listen.password",
            "pg-events.poll-interval",
            "pg-events.max-transactions",
            "pg-events.retention.done",
            "pg-events.retention.failed",
            "pg-events.publish.max-payload-size",
            "pg-events.publish.deduplication-window",
            "pg-events.capture.mode",
            "pg-events.live.retention",
            "pg-events.live.queue-capacity",
            "pg-events.live.replay-limit",
            "pg-events.subscription.mode",
            "pg-events.subscription.concurrency",
            "pg-events.subscription.batch-size",
            "pg-events.subscription.order",
            "pg-events.subscription.lease",
            "pg-events.subscription.timeout",
            "pg-events.subscription.retry.max-attempts",
            "pg-events.subscription.retry.delay",
            "pg-events.subscription.retry.multiplier",
            "pg-events.subscription.retry.max-delay",
            "pg-events.subscription.retry.jitter",
            "pg-events.subscriptions",
            "pg-events.relay.enabled",
            "pg-events.relay.path",
            "pg-events.relay.streams",
            "pg-events.relay.max-clients",
            "pg-events.relay.max-clients-per-principal",
            "pg-events.relay.max-queued-bytes",
            "pg-events.relay.heartbeat",
            "pg-events.relay.write-timeout");

    private final Map<String, JsonNode> properties = properties();

    @Test
    void nameEveryProperty() {
        assertThat(properties.keySet()).containsExactlyInAnyOrderElementsOf(NAMES);
    }

    @Test
    void describeEveryPropertyInASentence() {
        assertThat(properties.values())
                .allSatisfy(property -> assertThat(property.path("description").asString())
                        .endsWith(".")
                        .doesNotStartWith("The "));
    }

    @Test
    void nameTypesThatExist() {
        assertThat(properties.values())
                .extracting(property -> property.path("type").asString().replaceFirst("<.*", ""))
                .allMatch(type -> ClassUtils.isPresent(type, null), "is a class");
    }

    @Test
    void giveTheDefaultsOfSubscriptions() {
        assertThat(properties
                        .get("pg-events.subscription.retry.max-attempts")
                        .path("defaultValue")
                        .asInt())
                .isEqualTo(RetryPolicy.DEFAULT.maxAttempts());
        assertThat(properties
                        .get("pg-events.subscription.batch-size")
                        .path("defaultValue")
                        .asInt())
                .isEqualTo(SubscriptionSettings.DEFAULT.batchSize());
    }

    private static Map<String, JsonNode> properties() {
        String resource = "/META-INF/spring-configuration-metadata.json";
        try (InputStream in = PgEventsProperties.class.getResourceAsStream(resource)) {
            JsonNode metadata = new JsonMapper().readTree(in);
            return StreamSupport.stream(metadata.get("properties").spliterator(), false)
                    .collect(Collectors.toMap(property -> property.get("name").asString(), property -> property));
        } catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
