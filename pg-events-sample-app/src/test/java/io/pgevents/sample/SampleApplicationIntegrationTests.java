package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "pg-events.embedded-postgres.data-directory=",
            "shop.payment-failure-rate=0",
            "shop.payment-retry-delay=20ms"
        })
class SampleApplicationIntegrationTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final ShopClient shop;

    SampleApplicationIntegrationTests(@Autowired JdbcClient jdbc, @LocalServerPort int port) {
        this.jdbc = jdbc;
        this.shop = new ShopClient(port);
    }

    @BeforeEach
    @AfterEach
    void paymentsAreUp() {
        shop.switchPayments(true);
    }

    @Test
    void shipsAnOrderThatComesByHttp() {
        ResponseEntity<JsonNode> answer = shop.place("{\"customer\": \"Ada\", \"item\": \"book\", \"quantity\": 2}");

        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.CREATED);
        UUID id = UUID.fromString(answer.getBody().get("id").asString());
        assertThat(answer.getHeaders().getLocation()).hasPath("/orders/" + id);
        assertThat(shop.order(id).getStatusCode()).isEqualTo(HttpStatus.OK);
        awaitStatus(id, "shipped");
        JsonNode order = shop.order(id).getBody();
        assertThat(order.get("customer").asString()).isEqualTo("Ada");
        assertThat(order.get("source").asString()).isEqualTo("http");
        assertThat(order.get("trouble").isNull()).isTrue();
        assertStepsAreDoneOnce(id);
    }

    @Test
    void shipsAnOrderThatComesByPlainSql() {
        UUID id = insert("{\"customer\": \"Ada\", \"item\": \"book\", \"quantity\": 1}");

        awaitStatus(id, "shipped");
        assertThat(shop.order(id).getBody().get("source").asString()).isEqualTo("sql");
        assertStepsAreDoneOnce(id);
    }

    @Test
    void listsTheNewestOrdersFirst() {
        UUID first = shop.place("Grace", "lamp", 1);
        UUID second = shop.place("Grace", "lamp", 1);

        assertThat(shop.get("/orders").getBody())
                .extracting(order -> order.get("id").asString())
                .containsSubsequence(second.toString(), first.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"customer\": \"Ada\"                                        | The body is not JSON",
                "                                                              | The body is empty",
                "[]                                                            | The body has the wrong shape",
                "{\"customer\": \"Ada\", \"item\": \"book\"}                   | quantity is missing",
                "{\"customer\": \"Ada\", \"item\": \"book\", \"quantity\": \"many\"} | quantity has the wrong type",
                "{\"customer\": \"Ada\", \"item\": \"book\", \"quantity\": 1.5} | quantity has the wrong type",
                "{\"customer\": \" \", \"item\": \"book\", \"quantity\": 1}    | customer is missing",
                "{\"customer\": \"Ada\", \"item\": \"book\", \"quantity\": -1} | quantity must be from 1 to 100, but is -1",
                "{\"customer\": \"A\\u0000\", \"item\": \"book\", \"quantity\": 1} | customer must not contain control characters"
            })
    void refusesWhatIsNoOrderAndSaysWhy(String body, String reason) {
        ResponseEntity<JsonNode> answer = shop.place(body == null ? "" : body);

        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
        assertThat(answer.getBody().get("detail").asString())
                .contains(reason)
                .endsWith("An order looks like " + OrderPlaced.EXAMPLE);
    }

    @Test
    void doesNotKnowAnOrderThatWasNeverPlaced() {
        assertThat(shop.order(UUID.randomUUID()).getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
        assertThat(shop.order("no-id").getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
    }

    @Test
    void makesADeadLetterOfAWrongOrderThatComesByPlainSql() {
        UUID id = insert("{\"customer\": \"Ada\", \"item\": \"book\"}");

        await().atMost(SOON).until(() -> deadLetters(id) == 2);
        assertThat(shop.get("/shop").getBody().get("deadLetters"))
                .filteredOn(letter -> letter.get("eventId").asString().equals(id.toString()))
                .extracting(letter -> letter.get("subscription").asString())
                .containsExactlyInAnyOrder("reserve", "statistics");
        assertThat(shop.order(id).getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
    }

    @Test
    void failsAnOrderThatCannotBePaidAndShipsItAfterAReplay() {
        shop.switchPayments(false);
        UUID id = shop.place("Edsger", "lamp", 1);

        awaitStatus(id, "failed");
        JsonNode trouble = shop.order(id).getBody().get("trouble");
        assertThat(trouble.get("attempts").asInt()).isEqualTo(4);
        assertThat(trouble.get("lastError").asString()).endsWith("The payment provider is down");
        shop.switchPayments(true);
        assertThat(shop.replay(id).getStatusCode()).isEqualTo(HttpStatus.ACCEPTED);
        awaitStatus(id, "shipped");
        assertStepsAreDoneOnce(id);
        assertThat(shop.replay(id).getStatusCode()).isEqualTo(HttpStatus.CONFLICT);
    }

    @Test
    void replaysAllDeadLettersOfASubscription() {
        shop.switchPayments(false);
        UUID first = shop.place("Barbara", "lamp", 1);
        UUID second = shop.place("Barbara", "lamp", 1);
        awaitStatus(first, "failed");
        awaitStatus(second, "failed");

        shop.switchPayments(true);
        JsonNode answer = shop.post("/shop/dead-letters/replay?subscription=pay");

        assertThat(answer.get("replayed").asInt()).isEqualTo(2);
        awaitStatus(first, "shipped");
        awaitStatus(second, "shipped");
    }

    @Test
    void failsAnOrderOfMoreThanThereIsInStock() {
        jdbc.sql("INSERT INTO stock (item, available) VALUES ('rare stamp', 3)").update();
        UUID enough = shop.place("Radia", "rare stamp", 2);
        awaitStatus(enough, "shipped");
        UUID tooMany = shop.place("Radia", "rare stamp", 2);

        awaitStatus(tooMany, "failed");
        JsonNode trouble = shop.order(tooMany).getBody().get("trouble");
        assertThat(trouble.get("lastError").asString()).isEqualTo("There is not enough in stock");
        assertThat(trouble.get("deadLetter").isNull()).isTrue();
        assertThat(shop.get("/shop").getBody().get("stock"))
                .anyMatch(shelf -> shelf.get("item").asString().equals("rare stamp")
                        && shelf.get("available").asInt() == 1);
    }

    @Test
    void countsTheOrdersOfEachItem() {
        shop.place("Tony", "counted", 2);
        insert("{\"customer\": \"Tony\", \"item\": \"counted\", \"quantity\": 3}");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.get("/shop").getBody().get("items"))
                        .anyMatch(item -> item.get("item").asString().equals("counted")
                                && item.get("orders").asInt() == 2
                                && item.get("pieces").asInt() == 5));
    }

    @Test
    void servesThePageAndAllItNeeds() {
        ResponseEntity<String> page = shop.page("/");

        assertThat(page.getHeaders().getContentType()).matches(MediaType.TEXT_HTML::includes);
        assertThat(page.getBody()).contains("<title>Order shop</title>");
        assertThat(new String[] {"/shop.css", "/favicon.svg", "/js/shop.js", "/js/api.js", "/js/order-list.js"})
                .allSatisfy(path -> assertThat(shop.page(path).getStatusCode()).isEqualTo(HttpStatus.OK));
    }

    private UUID insert(String payload) {
        return jdbc.sql("INSERT INTO event_queue (topic, payload) VALUES ('order.placed', ?::jsonb) RETURNING event_id")
                .param(payload)
                .query(UUID.class)
                .single();
    }

    private void awaitStatus(UUID id, String status) {
        await().atMost(SOON).untilAsserted(() -> assertThat(shop.status(id)).isEqualTo(status));
    }

    private void assertStepsAreDoneOnce(UUID id) {
        assertThat(shop.order(id).getBody().get("steps"))
                .extracting(step -> step.get("step").asString())
                .containsExactly("reserved", "paid", "shipped");
    }

    private long deadLetters(UUID eventId) {
        return StreamSupport.stream(
                        shop.get("/shop").getBody().get("deadLetters").spliterator(), false)
                .filter(letter -> letter.get("eventId").asString().equals(eventId.toString()))
                .count();
    }
}
