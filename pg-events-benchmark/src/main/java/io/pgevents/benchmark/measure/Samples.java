package io.pgevents.benchmark.measure;

import java.util.List;

/**
 * What the rounds of one measurement gave.
 *
 * @param values one for each round, in their order
 */
public record Samples(List<Double> values) {

    public Samples {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A measurement needs a value");
        }
        values = List.copyOf(values);
    }

    /** Of a single value. */
    public static Samples of(double value) {
        return new Samples(List.of(value));
    }

    /** All values, multiplied. */
    public Samples times(double factor) {
        return new Samples(values.stream().map(value -> value * factor).toList());
    }

    /** The value in the middle; the mean of the two there, if their number is even. */
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest value. */
    public double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** The greatest value. */
    public double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
