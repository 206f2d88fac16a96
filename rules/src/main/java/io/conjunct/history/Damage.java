// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

/**
 * What a reader had to leave out of a recorded file.
 *
 * @param stretches how many runs of damaged bytes lay between good records
 * @param skippedBytes how many bytes they have together, the torn tail included
 * @param firstPosition where the first of them begins, in bytes from the start of the file; -1 for none
 * @param tornPosition where the last record begins when it is cut off, as after a crash of the recorder; -1 when not
 */
public record Damage(long stretches, long skippedBytes, long firstPosition, long tornPosition) {
    static final Damage NONE = new Damage(0, 0, -1, -1);

    public boolean isNone() {
        return stretches == 0 && tornPosition < 0;
    }

    Damage plus(Damage other) {
        return new Damage(
                stretches + other.stretches,
                skippedBytes + other.skippedBytes,
                firstPosition >= 0 ? firstPosition : other.firstPosition,
                tornPosition >= 0 ? tornPosition : other.tornPosition);
    }

    /** In words: {@code 2 damaged stretches skipped, the first at byte 4711; cut off at byte 9000}. */
    public String describe() {
        String skipped = stretches == 0
                ? ""
                : stretches + (stretches == 1 ? " damaged stretch" : " damaged stretches")
                        + " skipped, the first at byte " + firstPosition;
        String torn = tornPosition < 0 ? "" : "cut off in the record at byte " + tornPosition;
        return skipped + (skipped.isEmpty() || torn.isEmpty() ? "" : "; ") + torn;
    }
}
