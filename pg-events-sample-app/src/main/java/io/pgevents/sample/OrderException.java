package io.pgevents.sample;

import java.util.UUID;

/** A request about an order that cannot be met. */
abstract sealed class OrderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private OrderException(String message) {
        super(message);
    }

    /** There is no such order. */
    static final class Unknown extends OrderException {

        private static final long serialVersionUID = 1L;

        Unknown(UUID id) {
            super("There is no order " + id + ". One that was inserted by SQL exists when its first step is done.");
        }
    }

    /** The order has no dead letter. */
    static final class NothingToReplay extends OrderException {

        private static final long serialVersionUID = 1L;

        NothingToReplay(UUID id) {
            super("Order " + id + " has no dead letter, so there is nothing to replay. Look at its status.");
        }
    }
}
