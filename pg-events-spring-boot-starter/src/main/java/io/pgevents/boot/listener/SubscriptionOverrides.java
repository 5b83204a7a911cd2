package io.pgevents.boot.listener;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The properties {@code pg-events.subscriptions.<name>.*}. They are looked up by the names of the subscriptions, so
 * that a name with dots can be written as it is, and with brackets as well.
 */
final class SubscriptionOverrides {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionOverrides.class);
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("pg-events.subscriptions");

    /** All that {@link SubscriptionOptions} can say, as it is written in a property. */
    static final List<String> OPTIONS = List.of(
            "mode",
            "concurrency",
            "batch-size",
            "order",
            "lease",
            "timeout",
            "retry.max-attempts",
            "retry.delay",
            "retry.multiplier",
            "retry.max-delay",
            "retry.jitter");

    private final Environment environment;
    private final Binder binder;

    SubscriptionOverrides(Environment environment) {
        this.environment = environment;
        this.binder = Binder.get(environment);
    }

    SubscriptionOptions of(String subscription) {
        return spellings(subscription)
                .map(name -> binder.bind(name, Bindable.of(SubscriptionOptions.class))
                        .orElse(SubscriptionOptions.NONE))
                .reduce(SubscriptionOptions.NONE, SubscriptionOptions::orElse);
    }

    /** Logs properties that belong to none of the subscriptions, or to none of their options: mostly typing errors. */
    void reportUnknown(Collection<String> subscriptions) {
        List<ConfigurationPropertyName> known =
                subscriptions.stream().flatMap(SubscriptionOverrides::spellings).toList();
        Predicate<ConfigurationPropertyName> ofNobody =
                name -> known.stream().noneMatch(each -> each.isAncestorOf(name));
        Set<String> unknown = texts(declared().filter(ofNobody));
        if (!unknown.isEmpty()) {
            log.warn(
                    "These properties belong to no subscription of this application: {}. Its subscriptions are {}.",
                    unknown,
                    new TreeSet<>(subscriptions));
        }
        Set<ConfigurationPropertyName> options = known.stream()
                .flatMap(subscription -> OPTIONS.stream().map(subscription::append))
                .collect(Collectors.toSet());
        Set<String> ignored = texts(declared().filter(ofNobody.negate()).filter(name -> !options.contains(name)));
        if (!ignored.isEmpty()) {
            log.warn("These properties are no options of a subscription: {}. Its options are {}.", ignored, OPTIONS);
        }
    }

    private static Set<String> texts(Stream<ConfigurationPropertyName> names) {
        return names.map(ConfigurationPropertyName::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<ConfigurationPropertyName> declared() {
        if (ConfigurationPropertySources.get(environment) == null) {
            return Stream.of();
        }
        Stream.Builder<IterableConfigurationPropertySource> sources = Stream.builder();
        ConfigurationPropertySources.get(environment).forEach(source -> {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                sources.add(iterable);
            }
        });
        return sources.build()
                .flatMap(IterableConfigurationPropertySource::stream)
                .filter(PREFIX::isAncestorOf);
    }

    private static Stream<ConfigurationPropertyName> spellings(String subscription) {
        ConfigurationPropertyName bracketed = PREFIX.append("[" + subscription + "]");
        ConfigurationPropertyName dotted = ConfigurationPropertyName.adapt(PREFIX + "." + subscription, '.');
        return Stream.of(bracketed, dotted);
    }
}
