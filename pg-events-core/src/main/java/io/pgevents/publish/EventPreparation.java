package io.pgevents.publish;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.pgevents.InvalidEventException;
import io.pgevents.OutgoingEvent;
import io.pgevents.OutgoingEvent.RawJson;
import io.pgevents.Priority;
import io.pgevents.codec.EventCodec;
import io.pgevents.publish.JdbcEventPublisher.PreparedEvent;
import io.pgevents.publish.JdbcEventPublisher.PublishSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks an event and writes its payload, so that nothing the server would refuse reaches the caller's transaction. */
final class EventPreparation {

    private static final Pattern TOPIC = Pattern.compile("[\\p{L}\\p{N}_-]+(?:\\.[\\p{L}\\p{N}_-]+)*");
    private static final int MAX_NAME = 255;
    private static final Instant LAST_DUE_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private static final Duration LONGEST_DELAY = Duration.ofDays(365_000);

    private static final int MOST_KNOWN_TOPICS = 1000;

    private final Set<String> knownTopics = ConcurrentHashMap.newKeySet();
    private final EventCodec codec;
    private final PublishSettings settings;
    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();

    EventPreparation(EventCodec codec, PublishSettings settings) {
        this.codec = codec;
        this.settings = settings;
    }

    PreparedEvent prepare(OutgoingEvent event) {
        checkTopic(event.topic());
        checkName("type", event.type());
        checkName("key", event.key());
        checkName("de-duplication key", event.deduplicationKey());
        checkSchedule(event.schedule());
        return new PreparedEvent(ids.generate(), event, payload(event.payload()), headers(event));
    }

    /** As {@link #prepare}, for what is not stored in the queue. */
    PreparedEvent prepareBroadcast(OutgoingEvent event) {
        PreparedEvent prepared = prepare(event);
        if (prepared.isScheduled()) {
            throw notBroadcast("a delay or a due time");
        }
        if (event.priority() != Priority.NORMAL) {
            throw notBroadcast("a priority");
        }
        if (prepared.isDeduplicated()) {
            throw notBroadcast("a de-duplication key");
        }
        return prepared;
    }

    private static InvalidEventException notBroadcast(String what) {
        return new InvalidEventException("A broadcast cannot have " + what
                + ": it is told to running instances at once, and not stored. Leave it out, or publish the event.");
    }

    /** An application has few topics, and checking one costs as much as writing a small payload. */
    private void checkTopic(String topic) {
        if (knownTopics.contains(topic)) {
            return;
        }
        if (topic.length() > MAX_NAME) {
            throw new InvalidEventException("The topic has " + topic.length() + " characters, but at most " + MAX_NAME
                    + " are allowed: " + topic.substring(0, 40) + "…");
        }
        if (!TOPIC.matcher(topic).matches()) {
            throw new InvalidEventException(
                    "Not a topic: \"" + topic + "\". Use words of letters, digits, _ and -, separated by"
                            + " dots, for example order.placed. Patterns are for subscriptions only.");
        }
        if (knownTopics.size() < MOST_KNOWN_TOPICS) {
            knownTopics.add(topic);
        }
    }

    private static void checkName(String what, @Nullable String text) {
        if (text == null) {
            return;
        }
        if (text.length() > MAX_NAME) {
            throw new InvalidEventException("The " + what + " of the event has " + text.length()
                    + " characters, but at most " + MAX_NAME + " are allowed. Use a shorter one, or a hash of it.");
        }
        JsonText.checkCharacters(text, what);
    }

    private static void checkSchedule(OutgoingEvent.Schedule schedule) {
        boolean timeTooFar =
                schedule instanceof OutgoingEvent.Schedule.At at && at.dueTime().isAfter(LAST_DUE_TIME);
        boolean delayTooLong = schedule instanceof OutgoingEvent.Schedule.After after
                && after.delay().compareTo(LONGEST_DELAY) > 0;
        if (timeTooFar || delayTooLong) {
            throw new InvalidEventException(
                    "The event is due after the year 9999: " + schedule + ". Use an earlier time.");
        }
    }

    private String payload(Object payload) {
        String json = codec.write(payload);
        if (payload instanceof RawJson) {
            codec.validate(json);
        }
        checkSize(json, "payload");
        JsonText.check(json, "payload");
        return json;
    }

    private void checkSize(String json, String what) {
        int limit = settings.maxPayloadBytes();
        long bytes = json.length() > limit ? json.length() : JsonText.utf8Length(json);
        if (bytes > limit) {
            throw new InvalidEventException("The " + what + " of the event: at least " + bytes + " bytes, but at most "
                    + limit + " are allowed. Store large content elsewhere and publish a reference to it, or raise"
                    + " pg-events.publish.max-payload-size.");
        }
    }

    private @Nullable String headers(OutgoingEvent event) {
        if (event.headers().isEmpty()) {
            return null;
        }
        String json = codec.write(event.headers());
        checkSize(json, "headers");
        JsonText.check(json, "headers");
        return json;
    }
}
