// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

/**
 * What an episode was, after all that was said about it and about the pages it repeats.
 *
 * @param truth real, noise, a drill, or not known
 * @param incident its identity when real, otherwise empty
 * @param major whether it was of the highest priorities
 */
record Judgement(Truth truth, String incident, boolean major) {
    static final Judgement UNKNOWN = new Judgement(Truth.UNKNOWN, "", false);

    /** What a page can have been. */
    enum Truth {
        REAL,
        NOISE,
        TEST,
        UNKNOWN
    }
}
