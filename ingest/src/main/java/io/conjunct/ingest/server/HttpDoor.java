// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;
import io.conjunct.ingest.spool.FaultPoint;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all HTTP connections share.
 *
 * @param bytes memory for bodies
 * @param files where bodies go that are too long for it
 * @param requests decodes
 * @param responses runs what follows the sync of the spool
 * @param draining whether new requests are refused
 * @param underWay requests that were begun and not answered
 * @param patience how long a request may take to arrive, and its answer to be taken
 */
record HttpDoor(
        Intake intake,
        Access access,
        Bytes bytes,
        LargeBodies files,
        IngestMetrics metrics,
        FaultPoint faults,
        Executor requests,
        Executor responses,
        AtomicBoolean draining,
        AtomicInteger underWay,
        Duration patience,
        QuietLog quiet) {

    /** Where the body of such a request may go; null when it has to stay in memory. */
    @Nullable
    LargeBodies files(HttpQuestion question) {
        return question.json() || files.longest() <= Math.min(bytes.longest(), LargeBodies.SHORTEST) ? null : files;
    }

    /** Bytes that the body of such a request may have. */
    long longest(HttpQuestion question) {
        LargeBodies beyond = files(question);
        return beyond == null ? bytes.longest() : beyond.longest();
    }
}
