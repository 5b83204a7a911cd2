package io.pgevents.dispatch;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgevents.dispatch.KeyBacklog.Place;
import io.pgevents.queue.Claims.KeyRun;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StringGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the order of accesses to a backlog, its answers are those of some order of the calls. */
@Timeout(120)
@Param(name = "key", gen = StringGen.class, conf = "1:ab")
@Param(name = "id", gen = IntGen.class, conf = "1:3")
public class KeyBacklogModelTests {

    private final KeyBacklog backlog = new KeyBacklog();

    @Operation
    public void add(@Param(name = "key") String key, @Param(name = "id") int afterId) {
        backlog.add(key, Place.after(afterId, 2));
    }

    @Operation
    public void see(@Param(name = "key") String key, @Param(name = "id") int id) {
        backlog.add(key, Place.seen(id));
    }

    @Operation
    public void handled(@Param(name = "key") String key, @Param(name = "id") int id) {
        backlog.handled(key, id, 1);
    }

    @Operation
    public Map<String, KeyRun> run(@Param(name = "key") String key) {
        return backlog.runs(Map.of(key, Place.UNKNOWN), false);
    }

    @Operation
    public Map<String, Place> take(@Param(name = "id") int events) {
        return backlog.take(events);
    }

    @Operation
    public boolean isEmpty() {
        return backlog.isEmpty();
    }

    @Test
    void answersAsIfItsCallsCameOneAfterTheOther() {
        ModelCheckingOptions options = new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3);
        assertThatCode(() -> options.check(KeyBacklogModelTests.class)).doesNotThrowAnyException();
    }
}
