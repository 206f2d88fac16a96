// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a spool is and how much it keeps.
 *
 * @param directory its own, made when missing; two processes must not share it
 * @param maxBytes files together; beyond, appending is refused; 256 KiB to 1 TiB
 * @param maxAge what is older and still not delivered is dropped and counted, 1 s to 365 d
 */
public record SpoolSettings(Path directory, long maxBytes, Duration maxAge) {
    private static final long MIB = 1024 * 1024;
    private static final long LONGEST_SEGMENT = 8 * MIB;
    private static final int SEGMENTS = 16;

    public SpoolSettings {
        requireNonNull(directory, "directory");
        requireNonNull(maxAge, "maxAge");
        if (maxBytes < MIB / 4 || maxBytes > MIB * MIB) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: 262144 to 1099511627776)");
        }
        if (maxAge.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("maxAge: " + maxAge + " (expected: PT1S to P365D)");
        }
    }

    /** Half a GiB (about a day at 1,000 spans/s) and seven days, as long as Kafka keeps events. */
    public static SpoolSettings in(Path directory) {
        return new SpoolSettings(directory, 512 * MIB, Duration.ofDays(7));
    }

    public SpoolSettings withQuota(long newMaxBytes, Duration newMaxAge) {
        return new SpoolSettings(directory, newMaxBytes, newMaxAge);
    }

    /** Space comes back one segment at a time, so a segment is a small part of the whole. */
    long segmentBytes() {
        return Math.min(LONGEST_SEGMENT, maxBytes / SEGMENTS);
    }
}
