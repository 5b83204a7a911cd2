package io.pgevents.benchmark;

/** Runs a scenario. */
public final class BenchmarkApplication {

    private BenchmarkApplication() {}

    public static void main(String[] args) {}
}
