package io.pgevents.channel;

import io.pgevents.channel.WakeUpState.Fault;
import io.pgevents.channel.WakeUpState.Node;
import io.pgevents.channel.WakeUpState.Worker;
import io.pgevents.support.StateSpace;
import io.pgevents.support.StateSpace.Visitor;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The wake-up protocol of the package documentation as a machine with few states: {@link WakeUpState} is one of them,
 * {@link WakeUpSteps} are the ways from one to the next while all goes well. Here is what may go wrong, and the poll, which
 * comes at any time: how long its interval is makes no difference to what it finds.
 */
final class WakeUpModel implements StateSpace.Protocol<WakeUpState> {

    /** Steps of the protocol that may be left out, to show that each is needed. */
    enum Omission {
        CLAIM_AFTER_CLOSING,
        WATCH_OF_OPEN_TRANSACTIONS,
        SIGNAL_AFTER_RECONNECT,
        TAKE_OR_END_IN_ONE_STEP,
        NOTIFICATION,
        ID_BEFORE_PROBE
    }

    /**
     * What is explored.
     *
     * @param instances one or two
     * @param publishers how many, of one event each
     * @param faults what goes wrong, at any time or never
     * @param polls whether there is a poll
     */
    record Scenario(int instances, int publishers, Set<Fault> faults, boolean polls) {

        WakeUpState start() {
            WakeUpState start = new WakeUpState(publishers);
            start.faults = faults;
            if (instances == 1) {
                start.nodes[1].crash();
            }
            return start;
        }
    }

    private final Scenario scenario;
    private final WakeUpSteps steps;

    WakeUpModel(Scenario scenario, Set<Omission> omitted) {
        this.scenario = scenario;
        this.steps = new WakeUpSteps(omitted);
    }

    @Override
    public String key(WakeUpState state) {
        return state.key();
    }

    @Override
    public boolean isSettled(WakeUpState state) {
        return state.isSettled();
    }

    @Override
    public @Nullable String fault(WakeUpState state) {
        return state.late ? "an event was there at two polls of an instance" : null;
    }

    @Override
    public void steps(WakeUpState from, Visitor<WakeUpState> visitor) {
        if (from.isSettled()) {
            return;
        }
        steps.publishers(from, visitor);
        step(from, "the server drops a dead session", from.gate == WakeUpState.HELD_BY_THE_DEAD, visitor, s -> {
            s.gate = WakeUpState.OPEN;
        });
        for (int n = 0; n < from.nodes.length; n++) {
            if (from.nodes[n].alive) {
                steps.node(from, n, visitor);
                poll(from, n, visitor);
                faults(from, n, visitor);
            }
        }
    }

    /** A poll that finds nothing changes nothing; while the worker is at work, it looks itself. */
    private void poll(WakeUpState from, int n, Visitor<WakeUpState> visitor) {
        boolean finds = from.nodes[n].worker == Worker.NONE && from.hasUnseen();
        step(from, "poll " + n, scenario.polls() && finds, visitor, s -> s.poll(n));
    }

    private static void faults(WakeUpState from, int n, Visitor<WakeUpState> visitor) {
        Node node = from.nodes[n];
        fault(from, Fault.LOSS, "lose the connection of " + n, node.connected, visitor, s -> s.disconnect(n));
        fault(from, Fault.CUT, "cut the line of " + n, node.hears(), visitor, s -> s.cut(n));
        fault(from, Fault.END_OF_WATCH, "give up the watch of " + n, node.watched != 0, visitor, s -> {
            s.nodes[n].watched = 0;
        });
        boolean holds = node.worker == Worker.HOLDING;
        String crash = holds ? "crash in the middle of a claim " : "crash ";
        fault(from, Fault.CRASH, crash + n, from.nodes[1 - n].alive, visitor, s -> {
            s.rollBackClaim(n);
            s.disconnect(n);
            s.nodes[n].crash();
        });
    }

    /** A step that happens at some time, if it stays possible. */
    static void step(
            WakeUpState from,
            String name,
            boolean possible,
            Visitor<WakeUpState> visitor,
            Consumer<WakeUpState> change) {
        take(from, name, true, possible, visitor, change);
    }

    private static void fault(
            WakeUpState from,
            Fault fault,
            String name,
            boolean possible,
            Visitor<WakeUpState> visitor,
            Consumer<WakeUpState> change) {
        take(from, name, false, possible && from.faults.contains(fault), visitor, s -> {
            s.faults = EnumSet.copyOf(s.faults);
            s.faults.remove(fault);
            change.accept(s);
        });
    }

    /** A step that may happen and need not. */
    static void may(
            WakeUpState from,
            String name,
            boolean possible,
            Visitor<WakeUpState> visitor,
            Consumer<WakeUpState> change) {
        take(from, name, false, possible, visitor, change);
    }

    private static void take(
            WakeUpState from,
            String name,
            boolean fair,
            boolean possible,
            Visitor<WakeUpState> visitor,
            Consumer<WakeUpState> change) {
        if (possible) {
            WakeUpState next = from.copy();
            change.accept(next);
            visitor.step(name, fair, next);
        }
    }
}
