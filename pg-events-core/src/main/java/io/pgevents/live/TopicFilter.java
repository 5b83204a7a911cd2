package io.pgevents.live;

import io.pgevents.subscription.TopicPattern;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether topics are among those a listener wants. Thread-safe; remembers what it has found out. */
final class TopicFilter {

    private static final int MOST_KNOWN = 1000;

    private final Set<String> plain = new HashSet<>();
    private final @Nullable Pattern patterns;
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    TopicFilter(Collection<TopicPattern> topics) {
        topics.stream().filter(each -> !each.isPattern()).forEach(each -> plain.add(each.text()));
        String regex = TopicPattern.regexOf(topics);
        this.patterns = regex == null ? null : Pattern.compile(regex);
    }

    boolean matches(String topic) {
        if (plain.contains(topic)) {
            return true;
        }
        if (patterns == null) {
            return false;
        }
        Boolean before = known.get(topic);
        if (before != null) {
            return before;
        }
        boolean matches = patterns.matcher("." + topic).matches();
        if (known.size() < MOST_KNOWN) {
            known.put(topic, matches);
        }
        return matches;
    }

    /** The plain topics. */
    List<String> topics() {
        return List.copyOf(plain);
    }

    /** The patterns as one regular expression; null if there are none. */
    @Nullable
    String regex() {
        return patterns == null ? null : patterns.pattern();
    }
}
