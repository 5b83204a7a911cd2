package io.pgevents.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.capture.Capture.Filter;
import io.pgevents.capture.RowChange.Operation;
import io.pgevents.support.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;

/** Instances that start together on the same tables. */
class CaptureClusterTests {

    @RepeatedTest(3)
    void installTheTriggersOnceWhileOthersWriteAndTidyUp() {
        try (CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl())) {
            fixture.sql("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
            List<RowCaptures> instances = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RowCaptures instance = fixture.captures(RowCaptures.Mode.INSTALL);
                instance.declare(i % 2 == 0 ? "a" : "b", Filter.EVERYTHING);
                instance.declare(i % 2 == 0 ? "b" : "a", Filter.EVERYTHING);
                instance.declare("a", CaptureFixture.only(Operation.INSERT));
                instances.add(instance);
            }
            List<CompletableFuture<Void>> all = new ArrayList<>();
            instances.forEach(each -> all.add(CompletableFuture.runAsync(each::start)));
            for (int i = 0; i < 50; i++) {
                fixture.sql("INSERT INTO a VALUES (" + i + ")");
            }
            all.forEach(CompletableFuture::join);
            assertThat(fixture.triggers()).hasSize(9).doesNotHaveDuplicates();

            // One of them is restarted at the moment at which another one removes what has expired.
            fixture.letADayPass();
            RowCaptures tidying = fixture.captures(RowCaptures.Mode.INSTALL);
            CompletableFuture<Void> tidied = CompletableFuture.runAsync(tidying::maintain);
            instances.get(0).stop();
            instances.get(0).start();
            tidied.join();
            assertThat(fixture.triggers()).hasSize(9);
            instances.forEach(RowCaptures::stop);
        }
    }
}
