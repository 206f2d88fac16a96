// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.ingest.metrics.IngestMetrics;

/** What all mappers of a sidecar share: the caps on values and the state of cumulative streams. Thread-safe. */
public final class Mapping {
    /** Cumulative streams that a sidecar remembers. */
    public static final int MAX_STREAMS = 4_096;

    private final ValueCaps caps = new ValueCaps();
    private final CumulativeStreams streams;
    private final long tickMillis;
    private final IngestMetrics metrics;

    /**
     * @param tickMillis the engine's tick
     * @param startMillis when the sidecar started, Unix milliseconds
     * @param maxStreams how many cumulative streams are remembered
     */
    public Mapping(long tickMillis, long startMillis, int maxStreams, IngestMetrics metrics) {
        this.tickMillis = tickMillis;
        this.metrics = metrics;
        this.streams = new CumulativeStreams(startMillis, maxStreams, metrics);
    }

    public RequestMapper newMapper() {
        return new RequestMapper(caps, streams, tickMillis, metrics);
    }
}
