// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

/**
 * The 95 % score interval of a proportion (E. B. Wilson, 1927): what a share of k in n says about the true share, honest
 * also when n is small or k is 0.
 */
public final class Wilson {
    private static final double Z = 1.959963984540054;

    private Wilson() {}

    /** Lower bound of the true share, in [0, 1]; 0 when {@code n} is 0. */
    public static double lower(long k, long n) {
        return n == 0 ? 0 : Math.max(0, bound(k, n, -1));
    }

    /** Upper bound of the true share, in [0, 1]; 1 when {@code n} is 0. */
    public static double upper(long k, long n) {
        return n == 0 ? 1 : Math.min(1, bound(k, n, 1));
    }

    private static double bound(long k, long n, int side) {
        double p = (double) k / n;
        double zz = Z * Z;
        double half = Z * Math.sqrt(p * (1 - p) / n + zz / (4.0 * n * n));
        return (p + zz / (2.0 * n) + side * half) / (1 + zz / n);
    }
}
