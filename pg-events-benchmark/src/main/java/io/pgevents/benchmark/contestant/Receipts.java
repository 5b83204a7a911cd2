package io.pgevents.benchmark.contestant;

/** Counts what has been received, and knows whether anything was missing or came twice. Called by many threads. */
public interface Receipts {

    /** The handling of an event begins. */
    void received(int number);
}
