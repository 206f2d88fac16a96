// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

/** Stops the reading of one scalar: what is wrong with which part of it. Becomes a finding at once. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final String id;
    final int from;
    final int to;
    final String message;
    final String fix;

    Problem(String id, int from, int to, String message, String fix) {
        super(message, null, false, false);
        this.id = id;
        this.from = from;
        this.to = to;
        this.message = message;
        this.fix = fix;
    }
}
