// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.QuietLog;

/**
 * What gRPC connections have in common.
 *
 * @param calls runs their calls
 * @param turns whose message is read
 * @param bytes memory for messages
 * @param longest bytes of a message that is read at all
 */
record GrpcDoor(
        CallExecutor calls, ReadingTurns turns, Bytes bytes, int longest, IngestMetrics metrics, QuietLog quiet) {}
