package io.pgevents.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgevents.support.TestBus;
import io.pgevents.support.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Statements that name rows are planned with the primary key although the table is empty: the plan of a session is kept
 * while the table grows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowPlanIntegrationTests {

    private final String url = TestPostgres.newDatabaseUrl();
    private TestBus bus;
    private StatementPlans plans;

    @BeforeAll
    void open() {
        bus = new TestBus(url);
        plans = new StatementPlans(url, bus.schema());
    }

    @AfterAll
    void close() {
        plans.close();
        bus.close();
    }

    @ParameterizedTest
    @CsvSource({
        "finish, 4", "finish_delete, 3", "finish_leased, 4", "finish_leased_delete, 4", "hand_back, 4", "renew, 5",
        "lease, 5", "count_attempts, 3", "share_key, 3", "relock, 5", "retry, 7", "fail, 6"
    })
    void findsRowsByTheirKey(String statement, int parameters) {
        assertThat(plans.genericPlan(statement, parameters, bus.schema()))
                .contains("event_queue_pkey")
                .doesNotContain("Seq Scan on event_queue", "event_queue_claim", "event_queue_leased");
    }
}
