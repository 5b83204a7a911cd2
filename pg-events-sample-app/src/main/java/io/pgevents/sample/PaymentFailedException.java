package io.pgevents.sample;

/** The customer was not charged; another attempt may succeed. */
class PaymentFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PaymentFailedException(String message) {
        super(message);
    }
}
