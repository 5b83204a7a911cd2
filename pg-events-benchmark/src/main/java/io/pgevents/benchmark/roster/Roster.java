package io.pgevents.benchmark.roster;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.ours.PgEventsContestant;
import io.pgevents.benchmark.ours.RawLoop;
import io.pgevents.benchmark.ours.Variant;
import io.pgevents.benchmark.peers.Peers;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Who takes part, by name. Immutable. */
public final class Roster {

    /** pg-events with a handler for one event. */
    public static final String SINGLE = "pg-events";
    /** pg-events with a batch handler. */
    public static final String BATCH = "pg-events-batch";
    /** pg-events in leased mode. */
    public static final String LEASED = "pg-events-leased";
    /** The raw loop, one statement for each effect. */
    public static final String RAW = "raw";
    /** The raw loop, effects written as a batch. */
    public static final String RAW_BATCH = "raw-batch";

    private final Map<String, Contestant.Factory> contestants;

    private Roster(Map<String, Contestant.Factory> contestants) {
        this.contestants = contestants;
    }

    /** Everybody. */
    public static Roster all() {
        Map<String, Contestant.Factory> all = new LinkedHashMap<>();
        all.put(SINGLE, PgEventsContestant.factory(Variant.SINGLE));
        all.put(BATCH, PgEventsContestant.factory(Variant.BATCH));
        all.put(LEASED, PgEventsContestant.factory(Variant.LEASED));
        all.put(RAW, RawLoop.factory(false));
        all.put(RAW_BATCH, RawLoop.factory(true));
        all.putAll(Peers.all());
        return new Roster(all);
    }

    /**
     * Only some.
     *
     * @throws IllegalArgumentException if a name is unknown
     */
    public Roster only(Set<String> names) {
        Set<String> unknown = new LinkedHashSet<>(names);
        unknown.removeAll(contestants.keySet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("There is no contestant " + String.join(", ", unknown) + ". There are: "
                    + String.join(", ", contestants.keySet()));
        }
        Map<String, Contestant.Factory> some = new LinkedHashMap<>(contestants);
        some.keySet().retainAll(names);
        return new Roster(some);
    }

    /** Of some names those that take part. */
    public Map<String, Contestant.Factory> take(String... names) {
        Map<String, Contestant.Factory> taken = new LinkedHashMap<>();
        for (String name : names) {
            Contestant.Factory factory = contestants.get(name);
            if (factory != null) {
                taken.put(name, factory);
            }
        }
        return taken;
    }

    /** The other queues that take part. */
    public Map<String, Contestant.Factory> peers() {
        Map<String, Contestant.Factory> peers = new LinkedHashMap<>(contestants);
        peers.keySet().retainAll(Peers.all().keySet());
        return peers;
    }

    /** Everybody who takes part. */
    public Map<String, Contestant.Factory> everybody() {
        return Map.copyOf(contestants);
    }
}
