package io.pgevents.boot.listener;

import io.pgevents.PgSubscribe;
import io.pgevents.Retry;
import io.pgevents.subscription.SubscriptionSettings.Mode;
import io.pgevents.subscription.SubscriptionSettings.Order;
import io.pgevents.subscription.TopicPattern;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.util.StringValueResolver;

/** Reads the attributes of one {@link PgSubscribe}: resolves placeholders, then parses. */
final class AnnotationReader {

    private final MethodPlace place;
    private final PgSubscribe annotation;
    private final Placeholders placeholders;

    AnnotationReader(MethodPlace place, PgSubscribe annotation, StringValueResolver resolver) {
        this.place = place;
        this.annotation = annotation;
        this.placeholders = new Placeholders(place, resolver);
    }

    String subscription() {
        String explicit = resolve("subscription", annotation.subscription()).strip();
        return explicit.isEmpty() ? place.beanName() + "." + place.method().getName() : explicit;
    }

    List<TopicPattern> topics() {
        List<TopicPattern> topics = Arrays.stream(annotation.topic())
                .flatMap(text -> Stream.of(resolve("topic", text).split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .distinct()
                .map(this::topic)
                .toList();
        if (topics.isEmpty()) {
            throw place.error(
                    "names no topic.", "Say which events it handles: @PgSubscribe(topic = \"order.placed\").");
        }
        return topics;
    }

    SubscriptionOptions options() {
        return new SubscriptionOptions(
                attribute("mode", annotation.mode()).oneOf(Mode.class, "transactional, leased"),
                attribute("concurrency", annotation.concurrency()).wholeNumber(),
                attribute("batchSize", annotation.batchSize()).wholeNumber(),
                attribute("order", annotation.order()).oneOf(Order.class, "none, key, key-skip-failed"),
                attribute("lease", annotation.lease()).duration(),
                attribute("timeout", annotation.timeout()).duration(),
                retry(annotation.retry()));
    }

    /** The attributes that were said and concern a durable subscription only. */
    List<String> durableAttributes() {
        Retry retry = annotation.retry();
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("mode", annotation.mode());
        texts.put("concurrency", annotation.concurrency());
        texts.put("batchSize", annotation.batchSize());
        texts.put("order", annotation.order());
        texts.put("lease", annotation.lease());
        texts.put("timeout", annotation.timeout());
        texts.put(
                "retry", retry.maxAttempts() + retry.delay() + retry.multiplier() + retry.maxDelay() + retry.jitter());
        texts.values().removeIf(String::isEmpty);
        if (retry.includes().length + retry.excludes().length > 0) {
            texts.put("retry", "");
        }
        return List.copyOf(texts.keySet());
    }

    private RetryOptions retry(Retry retry) {
        return new RetryOptions(
                attribute("retry.maxAttempts", retry.maxAttempts()).wholeNumber(),
                attribute("retry.delay", retry.delay()).duration(),
                attribute("retry.multiplier", retry.multiplier()).number(),
                attribute("retry.maxDelay", retry.maxDelay()).duration(),
                attribute("retry.jitter", retry.jitter()).number());
    }

    private TopicPattern topic(String text) {
        try {
            return new TopicPattern(text);
        } catch (IllegalArgumentException ex) {
            throw place.error("has an invalid topic. " + ex.getMessage(), "Correct the attribute topic.", ex);
        }
    }

    private Attribute attribute(String name, String text) {
        return placeholders.attribute(name, text);
    }

    private String resolve(String name, String text) {
        return placeholders.resolve(name, text);
    }
}
