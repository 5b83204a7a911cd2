package io.pgevents.dispatch;

import io.pgevents.dispatch.ClaimProtocol.Scenario;
import io.pgevents.dispatch.ClaimState.Row;
import io.pgevents.support.StateSpace.Visitor;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What publishers may do next: an event gets its place when it is inserted, and is seen after the commit. */
record ClaimPublishing(Scenario scenario, ClaimState from, Visitor<ClaimState> visitor) {

    void steps() {
        for (int p : new TreeSet<>(scenario.transactions())) {
            int[] own = IntStream.range(0, from.events.length)
                    .filter(e -> scenario.transactions().get(e) == p)
                    .toArray();
            int inserted = (int) Arrays.stream(own)
                    .filter(e -> from.events[e].row != Row.ABSENT)
                    .count();
            if (inserted < own.length) {
                ClaimProtocol.step(from, "insert event " + own[inserted], true, visitor, s -> insert(s, own[inserted]));
            } else if (from.events[own[0]].row == Row.INSERTED) {
                ClaimProtocol.step(from, "commit publisher " + p, true, visitor, s -> end(s, own, Row.PENDING));
                ClaimProtocol.fault(from, "roll back publisher " + p, visitor, s -> end(s, own, Row.GONE));
            }
        }
    }

    private static void insert(ClaimState state, int event) {
        state.events[event].row = Row.INSERTED;
        state.events[event].time = ++state.clock;
    }

    private static void end(ClaimState state, int[] own, Row row) {
        for (int each : own) {
            state.events[each].row = row;
        }
    }
}
