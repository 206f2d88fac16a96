// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import java.util.List;
import java.util.SplittableRandom;

/** How large the measured quantity of an event is: a duration in nanoseconds or a number. {@link AmountReader} reads it. */
sealed interface Amount {

    /**
     * The quantity of one event.
     *
     * @param number of the event in its line, from 0
     * @param millis when it happens
     * @param progress how far in its line it is, 0 to 1
     */
    double at(long number, long millis, double progress, SplittableRandom random);

    /** The same ones in turn; mostly one. */
    record Cycle(List<Double> values) implements Amount {
        public Cycle {
            values = List.copyOf(values);
        }

        @Override
        public double at(long number, long millis, double progress, SplittableRandom random) {
            return values.get((int) (number % values.size()));
        }
    }

    /** A straight line from the first event to the last. */
    record Ramp(double from, double to) implements Amount {
        @Override
        public double at(long number, long millis, double progress, SplittableRandom random) {
            return from + (to - from) * progress;
        }
    }

    /** Anything between two, equally likely. */
    record Uniform(double from, double to) implements Amount {
        @Override
        public double at(long number, long millis, double progress, SplittableRandom random) {
            return from + (to - from) * random.nextDouble();
        }
    }

    /** Latencies as they mostly are: the logarithm is normal around the median's. */
    record LogNormal(double median, double sigma) implements Amount {
        @Override
        public double at(long number, long millis, double progress, SplittableRandom random) {
            return median * Math.exp(sigma * random.nextGaussian());
        }
    }

    /** Another amount for a time. */
    record Spike(Amount usually, Interval during, Amount then) implements Amount {
        @Override
        public double at(long number, long millis, double progress, SplittableRandom random) {
            return (during.contains(millis) ? then : usually).at(number, millis, progress, random);
        }
    }
}
