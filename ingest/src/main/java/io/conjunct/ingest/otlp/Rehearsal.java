// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.AttributeName.Reading;

/**
 * Lets a request be read to its end as another visitor would have it read, and keeps nothing: what can be read like this
 * is not malformed.
 */
public final class Rehearsal implements OtlpVisitor {
    private final OtlpVisitor visitor;

    /** @param visitor whose names count; it is told nothing */
    public Rehearsal(OtlpVisitor visitor) {
        this.visitor = visitor;
    }

    @Override
    public int names() {
        return visitor.names();
    }

    @Override
    public AttributeName name(String text) {
        return visitor.name(text);
    }

    @Override
    public void skipped(Reading how, int count) {}

    @Override
    public void attribute(Attribute attribute) {}

    @Override
    public void number(AttributeName name, double value) {}

    @Override
    public void attributeWithoutScalar(AttributeName name) {}

    @Override
    public void resource() {}

    @Override
    public void scope(String name) {}

    @Override
    public void span(
            String name,
            int kind,
            long startNanos,
            long endNanos,
            int status,
            long traceHigh,
            long traceLow,
            boolean validIds) {}

    @Override
    public void logRecord(String eventName, long timeNanos, long observedNanos) {}

    @Override
    public void metric(String name, int temporality, boolean monotonic) {}

    @Override
    public void point(boolean sum, long startNanos, long timeNanos, boolean recorded, double value) {}

    @Override
    public void histogram(HistogramPoint point) {}

    @Override
    public void unsupportedPoint() {}
}
