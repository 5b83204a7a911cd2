package io.pgevents.sample;

import java.util.UUID;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** The shop as a script sees it. A refused request is an answer like any other. */
final class ShopClient {

    private final int port;
    private final RestClient http;

    ShopClient(int port) {
        this.port = port;
        this.http = RestClient.builder()
                .baseUrl("http://localhost:" + port)
                .defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {})
                .build();
    }

    int port() {
        return port;
    }

    ResponseEntity<JsonNode> place(String body) {
        return http.post()
                .uri("/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .retrieve()
                .toEntity(JsonNode.class);
    }

    UUID place(String customer, String item, int quantity) {
        String body = "{\"customer\": \"%s\", \"item\": \"%s\", \"quantity\": %d}".formatted(customer, item, quantity);
        return UUID.fromString(place(body).getBody().get("id").asString());
    }

    ResponseEntity<JsonNode> order(Object id) {
        return get("/orders/" + id);
    }

    String status(UUID id) {
        return order(id).getBody().path("status").asString("unknown");
    }

    ResponseEntity<JsonNode> replay(Object id) {
        return http.post().uri("/orders/{id}/replay", id).retrieve().toEntity(JsonNode.class);
    }

    void switchPayments(boolean up) {
        http.put().uri("/shop/payments?up={up}", up).retrieve().toBodilessEntity();
    }

    ResponseEntity<JsonNode> get(String path) {
        return http.get().uri(path).retrieve().toEntity(JsonNode.class);
    }

    ResponseEntity<String> page(String path) {
        return http.get().uri(path).retrieve().toEntity(String.class);
    }

    JsonNode post(String path) {
        return http.post().uri(path).retrieve().toEntity(JsonNode.class).getBody();
    }
}
