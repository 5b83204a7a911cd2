package io.pgevents.sample;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. */
@RestController
@RequestMapping("/orders")
class OrderController {

    private static final int NEWEST = 50;

    private final OrderDesk desk;
    private final OrderQueries queries;

    OrderController(OrderDesk desk, OrderQueries queries) {
        this.desk = desk;
        this.queries = queries;
    }

    @PostMapping
    ResponseEntity<Placed> place(@RequestBody OrderPlaced order) {
        UUID id = desk.place(order);
        return ResponseEntity.created(URI.create("/orders/" + id)).body(new Placed(id));
    }

    @GetMapping
    List<Order> newest() {
        return queries.newest(NEWEST);
    }

    @GetMapping("/{id}")
    Order get(@PathVariable UUID id) {
        return desk.get(id);
    }

    @PostMapping("/{id}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void replay(@PathVariable UUID id) {
        desk.replay(id);
    }

    /** The answer to an order. */
    record Placed(UUID id) {}
}
