// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.event;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Runs a property over many random cases; a failure names the seed that reproduces it. */
public final class Seeded {
    private Seeded() {}

    /** A source of randomness that gives the same numbers on every platform. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Checks the property for the seeds 0 to {@code cases - 1}. */
    public static void forEach(int cases, Property property) {
        for (long seed = 0; seed < cases; seed++) {
            try {
                property.holds(random(seed), seed);
            } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("with seed " + seed + ": " + e, e);
            }
        }
    }

    /** What must hold whatever the random numbers are. */
    public interface Property {
        void holds(RandomGenerator random, long seed) throws Exception;
    }
}
