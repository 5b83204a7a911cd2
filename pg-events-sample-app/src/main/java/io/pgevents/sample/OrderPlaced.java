package io.pgevents.sample;

import io.pgevents.PgEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A customer wants something. The payload is the same by HTTP and by SQL, and so are the rules: an order that breaks
 * them is refused by {@code POST /orders}, and becomes a dead letter if it was inserted by SQL.
 */
@PgEvent(OrderPlaced.TOPIC)
record OrderPlaced(String customer, String item, Integer quantity) {

    static final String TOPIC = "order.placed";
    static final String EXAMPLE = "{\"customer\": \"Ada\", \"item\": \"book\", \"quantity\": 1}";

    private static final int LONGEST_TEXT = 100;
    private static final int LARGEST_QUANTITY = 100;

    OrderPlaced {
        List<String> problems = new ArrayList<>();
        checkText("customer", customer, problems);
        checkText("item", item, problems);
        checkQuantity(quantity, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems) + ". An order looks like " + EXAMPLE);
        }
    }

    private static void checkQuantity(@Nullable Integer value, List<String> problems) {
        if (value == null) {
            problems.add("quantity is missing");
        } else if (value < 1 || value > LARGEST_QUANTITY) {
            problems.add("quantity must be from 1 to " + LARGEST_QUANTITY + ", but is " + value);
        }
    }

    private static void checkText(String name, @Nullable String value, List<String> problems) {
        if (value == null || value.isBlank()) {
            problems.add(name + " is missing");
        } else if (value.length() > LONGEST_TEXT) {
            problems.add(name + " must have at most " + LONGEST_TEXT + " characters, but has " + value.length());
        } else if (value.chars().anyMatch(Character::isISOControl)) {
            problems.add(name + " must not contain control characters");
        }
    }
}
