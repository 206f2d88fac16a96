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
        QuietLog quiet) {}
