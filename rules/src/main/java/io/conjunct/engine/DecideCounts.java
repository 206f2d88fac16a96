// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

/** What the deciding step did, since the task started. */
public final class DecideCounts {
    /** Partials merged. */
    public long partials;
    /** Partials seen before; under exactly-once this stays 0. */
    public long duplicatePartials;
    /** Panes closed, over all groups of the task. */
    public long panes;
    /** Cells for panes that were closed already; 0 unless a promise was broken. */
    public long lateCells;
    /** Alert transitions. */
    public long transitions;
    /** Lowest watermark of the source partitions, Unix milliseconds; {@code Long.MIN_VALUE} before all have spoken. */
    public long watermarkMillis = Long.MIN_VALUE;
}
