package io.pgevents.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.Recorder;
import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import io.pgevents.support.TestSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;

/** An instance that is just starting is not taken for one that has crashed. */
class StartTogetherClusterTests {

    private static final String UNPROVEN = "SELECT count(*) FROM event_node n WHERE NOT EXISTS ("
            + "SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = 'event_node'::regclass::oid"
            + " AND l.objid = n.id::bigint::oid)";

    @RepeatedTest(5)
    void eachIsProvenToBeAliveFromTheMomentItIsSeen() {
        String url = TestPostgres.newDatabaseUrl();
        List<TestBus> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                nodes.add(new TestBus(url).subscribe("s", "t", TestSettings.QUICK, new Recorder()));
            }
            List<CompletableFuture<Void>> starts = nodes.stream()
                    .map(node -> CompletableFuture.runAsync(node::start))
                    .toList();
            do {
                assertThat(Effects.number(nodes.get(0), UNPROVEN)).isZero();
            } while (!starts.stream().allMatch(CompletableFuture::isDone));
            starts.forEach(CompletableFuture::join);
            assertThat(Effects.number(nodes.get(0), "SELECT count(*) FROM event_node"))
                    .isEqualTo(4);
        } finally {
            nodes.forEach(TestBus::close);
        }
    }
}
