// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a start finds on disk. The newest segment is read as a whole and cut behind its last sound record, because a crash
 * leaves a torn or empty tail there; of the others only the frames are read, and a damaged batch is found when it is
 * sent. Nothing that is in a file makes it fail.
 *
 * @param segments oldest first, without those that Kafka has
 * @param next ordinal after the last record found
 * @param events in all records that Kafka may not have, by their frames
 * @param damaged records that are missing between others
 * @param tornBytes cut from the end
 */
record Recovery(List<Segment> segments, long next, long events, long damaged, long tornBytes) {

    static Recovery of(Path directory, long position) throws IOException {
        List<Segment> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Segment.base(file).ifPresent(base -> found.add(new Segment(file, base)));
            }
        }
        found.sort(Comparator.comparingLong(segment -> segment.base));
        List<Segment> kept = new ArrayList<>();
        long next = position;
        long events = 0;
        long damaged = 0;
        long torn = 0;
        for (int i = 0; i < found.size(); i++) {
            Segment segment = found.get(i);
            boolean newest = i == found.size() - 1;
            long limit = newest ? Long.MAX_VALUE : found.get(i + 1).base;
            Scan scan;
            try {
                scan = scan(segment, position, limit, newest);
            } catch (IOException e) {
                // The disk itself cannot read it: put aside for a human, counted as missing through the next name.
                setAside(segment);
                damaged += newest ? 1 : Math.max(0, limit - Math.max(position, segment.base));
                continue;
            }
            events += scan.events;
            torn += scan.torn;
            damaged += scan.missing;
            // What a segment lost at its end shows in the name of the next one.
            damaged += newest ? 0 : Math.max(0, limit - Math.max(position, Math.max(segment.base, scan.end)));
            next = Math.max(next, Math.max(segment.base, scan.end));
            segment.end = newest ? scan.end : limit;
            segment.bytes = Files.size(segment.file);
            if (segment.end <= position || segment.bytes == 0) {
                Files.deleteIfExists(segment.file);
            } else {
                kept.add(segment);
            }
        }
        return new Recovery(List.copyOf(kept), next, events, damaged, torn);
    }

    private static void setAside(Segment segment) throws IOException {
        Path name = segment.file.resolveSibling(segment.file.getFileName() + ".unreadable");
        Files.move(segment.file, name, StandardCopyOption.REPLACE_EXISTING);
    }

    private record Scan(long end, long events, long missing, long torn) {}

    private static Scan scan(Segment segment, long position, long limit, boolean newest) throws IOException {
        long size = Files.size(segment.file);
        long expected = segment.base;
        long end = segment.base;
        long events = 0;
        long eventsOfTail = 0;
        long missing = 0;
        long missingOfTail = 0;
        long soundBytes = 0;
        try (SegmentReader reader = new SegmentReader(segment.file)) {
            Frame frame;
            while ((frame = reader.next(size)) != null) {
                if (frame.ordinal() < expected || frame.ordinal() >= limit) {
                    continue;
                }
                missingOfTail += Math.max(0, frame.ordinal() - Math.max(expected, position));
                eventsOfTail += frame.ordinal() >= position ? frame.events() : 0;
                expected = frame.ordinal() + 1;
                segment.lastMillis = frame.millis();
                if (!newest || reader.batch(frame) != null) {
                    end = expected;
                    soundBytes = reader.offset();
                    events += eventsOfTail;
                    missing += missingOfTail;
                    eventsOfTail = 0;
                    missingOfTail = 0;
                }
            }
        }
        if (newest && soundBytes < size) {
            try (FileChannel file = FileChannel.open(segment.file, StandardOpenOption.WRITE)) {
                file.truncate(soundBytes);
            }
        }
        return new Scan(end, events, missing, newest ? size - soundBytes : 0);
    }
}
