package io.pgevents.benchmark.ours;

import io.pgevents.benchmark.contestant.Contestant;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.benchmark.contestant.Target;
import io.pgevents.benchmark.measure.Parallel;
import java.util.ArrayList;
import java.util.List;

/** Several instances of pg-events on one database, each with its own pool and its own listening connection. */
public final class Cluster implements Contestant {

    private final List<PgEventsContestant> instances = new ArrayList<>();

    public Cluster(int size, Variant variant, Target target, int workers) {
        for (int instance = 0; instance < size; instance++) {
            instances.add(new PgEventsContestant(variant, target, workers, workers + 4));
        }
    }

    @Override
    public String tuning() {
        return instances.get(0).tuning();
    }

    @Override
    public void publish(int first, int count) {
        instances.get(0).publish(first, count);
    }

    @Override
    public void consume(Receipts receipts) throws Exception {
        Parallel.run(instances.size(), instance -> instances.get(instance).consume(receipts));
    }

    @Override
    public void close() {
        instances.forEach(PgEventsContestant::close);
    }
}
