// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

/**
 * What the measuring step did with events. Since the task started, and
 * {@code events = measured + unmeasured + beforeRules + tooLate + tooFarAhead} always; {@code lateFolded} is part of
 * {@code measured}.
 */
public final class MeasureCounts {
    /** Events read from batches that were not duplicates. */
    public long events;
    /** Counted by at least one feed. */
    public long measured;
    /** No signal of any rule selects them, or they lack a label it is split by. */
    public long unmeasured;
    /** They came before the first rules. */
    public long beforeRules;
    /** Older than the late limit allows: kept in the topic for backtests, not measured. */
    public long tooLate;
    /** Further ahead of the watermark than the limit allows. */
    public long tooFarAhead;
    /** Came after their pane was promised closed: counted in the oldest open one. */
    public long lateFolded;
    /** Event times beyond their sender's clock, set back to it. */
    public long clamped;
    /** Batches seen before. */
    public long duplicateBatches;
    /** Events that a feed selects but that lack a label it is split by (once per feed). */
    public long unkeyed;
    /** Field values that are not finite numbers. */
    public long notFinite;

    void add(MeasureCounts other) {
        events += other.events;
        measured += other.measured;
        unmeasured += other.unmeasured;
        beforeRules += other.beforeRules;
        tooLate += other.tooLate;
        tooFarAhead += other.tooFarAhead;
        lateFolded += other.lateFolded;
        clamped += other.clamped;
        duplicateBatches += other.duplicateBatches;
        unkeyed += other.unkeyed;
        notFinite += other.notFinite;
    }

    void clear() {
        events = 0;
        measured = 0;
        unmeasured = 0;
        beforeRules = 0;
        tooLate = 0;
        tooFarAhead = 0;
        lateFolded = 0;
        clamped = 0;
        duplicateBatches = 0;
        unkeyed = 0;
        notFinite = 0;
    }
}
