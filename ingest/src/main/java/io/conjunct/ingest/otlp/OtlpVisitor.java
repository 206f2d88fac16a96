// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.AttributeName.Reading;

/**
 * Receives an OTLP request in the order in which it can be understood, whatever its order on the wire: attributes first,
 * then the thing they belong to. Arguments are only valid during the call. Times are nanoseconds of the Unix epoch,
 * unsigned as on the wire, 0 when absent.
 */
public interface OtlpVisitor {

    /** Aggregation temporality numbers of OTLP. */
    int DELTA = 1;

    int CUMULATIVE = 2;

    /** A number that changes when {@link #name} begins to answer otherwise: a reader forgets its answers then. */
    int names();

    /** What this visitor makes of an attribute's name; a reader asks once and remembers. */
    AttributeName name(String text);

    /** So many attributes were there that their names say to read like this, which is not at all. */
    void skipped(Reading how, int count);

    /** An attribute that is read in words, or is no number where one is read. */
    void attribute(Attribute attribute);

    /** An attribute that is read as a number. */
    void number(AttributeName name, double value);

    /** An attribute whose value is an array, a map, bytes, empty or of a type unknown to this build. */
    void attributeWithoutScalar(AttributeName name);

    /** The attributes since the last call of this kind describe the resource of what follows. */
    void resource();

    /** Name of the instrumentation scope of what follows; empty when there is none. */
    void scope(String name);

    /**
     * The attributes since the last record describe this span.
     *
     * @param status 0 unset, 1 ok, 2 error
     * @param traceHigh first half of the trace id
     * @param validIds whether trace and span id have the right length and are not all zero
     */
    void span(
            String name,
            int kind,
            long startNanos,
            long endNanos,
            int status,
            long traceHigh,
            long traceLow,
            boolean validIds);

    /** The attributes since the last record describe this log record. */
    void logRecord(String eventName, long timeNanos, long observedNanos);

    /** The points that follow belong to this metric. */
    void metric(String name, int temporality, boolean monotonic);

    /** The attributes since the last record describe this point of a gauge or, when {@code sum}, of a sum. */
    void point(boolean sum, long startNanos, long timeNanos, boolean recorded, double value);

    /** The attributes since the last record describe this point of a histogram. */
    void histogram(HistogramPoint point);

    /** A point of a summary, which cannot be merged. */
    void unsupportedPoint();
}
