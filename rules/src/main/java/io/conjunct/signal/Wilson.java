// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

/**
 * The score interval of a proportion, 95 % unless told otherwise (E. B. Wilson, 1927): what a share of k in n says about the true share, honest
 * also when n is small or k is 0.
 */
public final class Wilson {
    private static final double Z = 1.959963984540054;
    private static final double Z90 = 1.6448536269514722;

    private Wilson() {}

    /** Lower bound of the true share, in [0, 1]; 0 when {@code n} is 0. */
    public static double lower(long k, long n) {
        return n == 0 ? 0 : Math.max(0, bound(k, n, -Z));
    }

    /** Upper bound of the true share, in [0, 1]; 1 when {@code n} is 0. */
    public static double upper(long k, long n) {
        return n == 0 ? 1 : Math.min(1, bound(k, n, Z));
    }

    /** Lower bound of the interval of 90 %. */
    public static double lower90(long k, long n) {
        return n == 0 ? 0 : Math.max(0, bound(k, n, -Z90));
    }

    /** Upper bound of the interval of 90 %. */
    public static double upper90(long k, long n) {
        return n == 0 ? 1 : Math.min(1, bound(k, n, Z90));
    }

    private static double bound(long k, long n, double z) {
        double p = (double) k / n;
        double zz = z * z;
        double half = z * Math.sqrt(p * (1 - p) / n + zz / (4.0 * n * n));
        return (p + zz / (2.0 * n) + half) / (1 + zz / n);
    }
}
