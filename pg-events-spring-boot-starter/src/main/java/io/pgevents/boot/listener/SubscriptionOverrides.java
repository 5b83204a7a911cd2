package io.pgevents.boot.listener;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    /** Logs properties that belong to none of the subscriptions, because that is mostly a typing error. */
    void reportUnknown(Collection<String> subscriptions) {
        List<ConfigurationPropertyName> known =
                subscriptions.stream().flatMap(SubscriptionOverrides::spellings).toList();
        Set<String> unknown = ConfigurationPropertySources.get(environment) == null ? Set.of() : unknown(known);
        if (!unknown.isEmpty()) {
            log.warn(
                    "These properties belong to no subscription of this application: {}. Its subscriptions are {}.",
                    unknown,
                    new TreeSet<>(subscriptions));
        }
    }

    private Set<String> unknown(List<ConfigurationPropertyName> known) {
        Stream.Builder<IterableConfigurationPropertySource> sources = Stream.builder();
        ConfigurationPropertySources.get(environment).forEach(source -> {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                sources.add(iterable);
            }
        });
        return sources.build()
                .flatMap(IterableConfigurationPropertySource::stream)
                .filter(PREFIX::isAncestorOf)
                .filter(name -> known.stream().noneMatch(each -> each.isAncestorOf(name)))
                .map(ConfigurationPropertyName::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<ConfigurationPropertyName> spellings(String subscription) {
        ConfigurationPropertyName bracketed = PREFIX.append("[" + subscription + "]");
        ConfigurationPropertyName dotted = ConfigurationPropertyName.adapt(PREFIX + "." + subscription, '.');
        return Stream.of(bracketed, dotted);
    }
}
