// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import java.util.Random;

/** Invented requests of a read API in front of a cache; the same seed gives the same requests. Not thread-safe. */
final class Workload {
    private final Random random;

    Workload(long seed) {
        random = new Random(seed);
    }

    /**
     * One request.
     *
     * @param hit whether the cache had the document
     * @param cacheMillis how long the cache took
     * @param databaseMillis how long the database took; 0 after a hit
     */
    record Request(boolean hit, double cacheMillis, double databaseMillis) {
        /** The request as its caller sees it: 2 ms for everything else. */
        double totalMillis() {
            return cacheMillis + databaseMillis + 2;
        }
    }

    Request next(Mode mode) {
        return switch (mode) {
            case HEALTHY -> request(0.95, 1, 6, 110, 180);
            case COLD_CACHE -> request(0.10, 1, 6, 380, 700);
            case SLOW_CACHE -> request(0.95, 360, 620, 110, 180);
        };
    }

    private Request request(double hitRatio, double cacheLow, double cacheHigh, double missLow, double missHigh) {
        boolean hit = random.nextDouble() < hitRatio;
        return new Request(hit, between(cacheLow, cacheHigh), hit ? 0 : between(missLow, missHigh));
    }

    private double between(double low, double high) {
        return low + random.nextDouble() * (high - low);
    }
}
