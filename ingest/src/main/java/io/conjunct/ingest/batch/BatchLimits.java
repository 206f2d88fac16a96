// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When a batch is closed and how much may wait.
 *
 * @param flushInterval a batch is closed this long after its first event
 * @param heartbeat a batch without events is sent when nothing was sent for this long
 * @param allowedLateness the claim of a batch is the receive clock minus this
 * @param tickMillis the engine's tick
 * @param maxInFlightBytes estimated bytes that may wait for the log; beyond, events are refused
 */
public record BatchLimits(
        Duration flushInterval, Duration heartbeat, Duration allowedLateness, long tickMillis, long maxInFlightBytes) {

    /** A batch is closed when it is estimated to be about this long. */
    static final int TARGET_BYTES = 400 * 1024;

    /** A batch is closed when it holds this many series. */
    static final int MAX_SERIES = 2_000;

    public BatchLimits {
        requireNonNull(flushInterval, "flushInterval");
        requireNonNull(heartbeat, "heartbeat");
        requireNonNull(allowedLateness, "allowedLateness");
    }
}
