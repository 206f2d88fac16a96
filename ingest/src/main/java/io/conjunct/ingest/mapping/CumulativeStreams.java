// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import io.conjunct.ingest.metrics.IngestMetrics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last point of every cumulative stream, so that the next one yields what happened since. A stream is identified by
 * resource, scope, metric and all attributes as they were sent, kept or not.
 *
 * <p>The first point of a stream that began while this sidecar could see it counts from its start; of an older stream it
 * is only the baseline, because an earlier run of the sidecar may have reported it. Bound: a number of streams,
 * the least recently used goes first, and is then as unknown as an older stream. Thread-safe.
 */
final class CumulativeStreams {
    /** An application may have started a little before its sidecar. */
    private static final long GRACE_NANOS = 60_000_000_000L;

    private final Map<Long, CumulativePoint> points = new LinkedHashMap<>(64, 0.75f, true);
    private final IngestMetrics metrics;
    private final int maxStreams;
    private long knownSinceNanos;

    CumulativeStreams(long sidecarStartMillis, int maxStreams, IngestMetrics metrics) {
        this.maxStreams = maxStreams;
        this.knownSinceNanos = sidecarStartMillis * 1_000_000 - GRACE_NANOS;
        this.metrics = metrics;
    }

    /** How a point relates to its stream. */
    enum Verdict {
        FROM_START,
        SINCE_PREVIOUS,
        BASELINE,
        STALE
    }

    /** What a point means; {@code previous} is what was known of the stream, null when nothing. */
    record Step(Verdict verdict, @Nullable CumulativePoint previous) {}

    synchronized Step advance(long stream, CumulativePoint point) {
        CumulativePoint previous = points.get(stream);
        if (previous != null && (point.timeNanos() <= previous.timeNanos() || isOlderStart(point, previous))) {
            return new Step(Verdict.STALE, previous);
        }
        points.put(stream, point);
        if (previous == null) {
            evict();
            boolean seenFromStart = point.startNanos() > 0 && point.startNanos() >= knownSinceNanos;
            return new Step(seenFromStart ? Verdict.FROM_START : Verdict.BASELINE, null);
        }
        return new Step(point.continues(previous) ? Verdict.SINCE_PREVIOUS : Verdict.FROM_START, previous);
    }

    private static boolean isOlderStart(CumulativePoint point, CumulativePoint previous) {
        return point.startNanos() != 0 && point.startNanos() < previous.startNanos();
    }

    private void evict() {
        if (points.size() <= maxStreams) {
            return;
        }
        var eldest = points.entrySet().iterator();
        long forgotten = eldest.next().getValue().timeNanos();
        eldest.remove();
        knownSinceNanos = Math.max(knownSinceNanos, forgotten);
        metrics.evictedStream();
    }

    /** Takes an advance back, unless the stream went on meanwhile: what it yielded did not reach Kafka. */
    synchronized void undo(long stream, CumulativePoint point, @Nullable CumulativePoint previous) {
        if (points.get(stream) == point) {
            if (previous == null) {
                points.remove(stream);
            } else {
                points.put(stream, previous);
            }
        }
    }
}
