// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.file;

import io.conjunct.ingest.otlp.Attribute;
import io.conjunct.ingest.otlp.AttributeName;
import io.conjunct.ingest.otlp.HistogramPoint;
import io.conjunct.ingest.otlp.OtlpVisitor;

/** Looks for the latest time that an OTLP request speaks of: nobody can have received it before. */
final class LatestTime implements OtlpVisitor {
    /** Unix milliseconds; {@link Long#MIN_VALUE} when there is no time at all. */
    long millis = Long.MIN_VALUE;

    private void see(long nanos) {
        if (nanos > 0) {
            millis = Math.max(millis, nanos / 1_000_000);
        }
    }

    @Override
    public int names() {
        return 0;
    }

    @Override
    public AttributeName name(String text) {
        return new AttributeName(text, AttributeName.Reading.SKIPPED);
    }

    @Override
    public void skipped(AttributeName.Reading how, int count) {
        // Only times matter here.
    }

    @Override
    public void attribute(Attribute attribute) {
        // Only times matter here.
    }

    @Override
    public void number(AttributeName name, double value) {
        // Only times matter here.
    }

    @Override
    public void attributeWithoutScalar(AttributeName name) {
        // Only times matter here.
    }

    @Override
    public void resource() {
        // Only times matter here.
    }

    @Override
    public void scope(String name) {
        // Only times matter here.
    }

    @Override
    public void span(
            String name,
            int kind,
            long startNanos,
            long endNanos,
            int status,
            long traceHigh,
            long traceLow,
            boolean validIds) {
        see(endNanos);
    }

    @Override
    public void logRecord(String eventName, long timeNanos, long observedNanos) {
        see(timeNanos != 0 ? timeNanos : observedNanos);
    }

    @Override
    public void metric(String name, int temporality, boolean monotonic) {
        // Only times matter here.
    }

    @Override
    public void point(boolean sum, long startNanos, long timeNanos, boolean recorded, double value) {
        see(timeNanos);
    }

    @Override
    public void histogram(HistogramPoint point) {
        see(point.timeNanos);
    }

    @Override
    public void unsupportedPoint() {
        // It has no time that matters.
    }
}
