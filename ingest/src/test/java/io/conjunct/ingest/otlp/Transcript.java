// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.AttributeName.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A visitor that writes down what it is told, so that two readers can be compared. */
public final class Transcript implements OtlpVisitor {
    public final List<String> lines = new ArrayList<>();
    int skipped;

    @Override
    public int names() {
        return 0;
    }

    @Override
    public AttributeName name(String text) {
        return new AttributeName(text, reading(text));
    }

    private static Reading reading(String text) {
        if (text.startsWith("unwanted")) {
            return Reading.SKIPPED;
        }
        return text.startsWith("number") ? Reading.NUMBER : Reading.TEXT;
    }

    @Override
    public void skipped(Reading how, int count) {
        skipped += how == Reading.SKIPPED ? count : 0;
    }

    @Override
    public void attribute(Attribute attribute) {
        lines.add(attribute.name.text + "=" + attribute.value);
    }

    @Override
    public void number(AttributeName name, double value) {
        lines.add(name.text + "#" + value);
    }

    @Override
    public void attributeWithoutScalar(AttributeName name) {
        lines.add(name.text + "=?");
    }

    @Override
    public void resource() {
        lines.add("resource");
    }

    @Override
    public void scope(String name) {
        lines.add("scope " + name);
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
        lines.add("span " + name + " " + kind + " " + startNanos + " " + endNanos + " " + status + " " + traceHigh + " "
                + traceLow + " " + validIds);
    }

    @Override
    public void logRecord(String eventName, long timeNanos, long observedNanos) {
        lines.add("log " + eventName + " " + timeNanos + " " + observedNanos);
    }

    @Override
    public void metric(String name, int temporality, boolean monotonic) {
        lines.add("metric " + name + " " + temporality + " " + monotonic);
    }

    @Override
    public void point(boolean sum, long startNanos, long timeNanos, boolean recorded, double value) {
        lines.add("number " + sum + " " + startNanos + " " + timeNanos + " " + recorded + " " + value);
    }

    @Override
    public void histogram(HistogramPoint p) {
        lines.add("histogram " + p.exponential + " " + p.startNanos + " " + p.timeNanos + " " + p.recorded + " "
                + p.count
                + " " + p.sum + " " + p.min + " " + p.max + " " + p.scale + " " + p.zeroCount + " "
                + Arrays.toString(Arrays.copyOf(p.bounds, p.boundCount)) + " " + p.positive.offset
                + Arrays.toString(p.positive.copy()) + " " + p.negative.offset + Arrays.toString(p.negative.copy()));
    }

    @Override
    public void unsupportedPoint() {
        lines.add("summary");
    }
}
