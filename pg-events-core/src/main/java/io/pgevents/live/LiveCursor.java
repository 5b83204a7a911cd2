package io.pgevents.live;

/**
 * A place in the live log, as a text that may be given to a browser and comes back as {@code Last-Event-ID}. It has only
 * letters, digits and {@code -._:}, and no meaning for others.
 *
 * @param text the place
 */
public record LiveCursor(String text) {

    @Override
    public String toString() {
        return text;
    }
}
