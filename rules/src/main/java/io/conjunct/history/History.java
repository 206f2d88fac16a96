// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import io.conjunct.event.EventBatchReader;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.history.HistoryRecord.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * A stretch of the event log in one or several recorded files, read in the order given. Where recordings overlap, a
 * record counts once: one whose offset is not above the last of its partition is passed over.
 *
 * @param files at least one
 * @param sources partitions of the event log; the most that any file has
 * @param notes what limits how far it can be trusted, as whoever made it knows; for people
 */
public record History(List<Path> files, int sources, List<String> notes) {
    /** How many records are looked at to find where a history begins. */
    private static final int OPENING_RECORDS = 2_000;

    public History {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("files: none (expected: at least one)");
        }
    }

    /** Reads the headers of all files. */
    public static History of(List<Path> files) throws IOException {
        int sources = 1;
        for (Path file : files) {
            try (HistoryReader reader = HistoryReader.open(file)) {
                sources = Math.max(sources, reader.sources());
            }
        }
        return new History(files, sources, List.of());
    }

    /** The same, with what should be known of it. */
    public History withNotes(List<String> known) {
        return new History(files, sources, known);
    }

    /** Bytes of all files. */
    public long bytes() throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    /** Receives a history. */
    public interface Visitor {
        /**
         * Takes a record.
         *
         * @param position bytes of all files read so far
         * @return false to end the reading
         */
        boolean record(HistoryRecord record, long position) throws IOException;
    }

    /** Reads everything, or until the visitor has enough. */
    public Damage read(Visitor visitor) throws IOException {
        long[] last = new long[sources];
        Arrays.fill(last, -1);
        Damage damage = Damage.NONE;
        long before = 0;
        for (Path file : files) {
            try (HistoryReader reader = HistoryReader.open(file)) {
                for (HistoryRecord record = reader.next(); record != null; record = reader.next()) {
                    if (record.offset() <= last[record.source()]) {
                        continue;
                    }
                    last[record.source()] = record.offset();
                    if (!visitor.record(record, before + reader.position())) {
                        return damage.plus(reader.damage());
                    }
                }
                damage = damage.plus(reader.damage());
                before += reader.size();
            }
        }
        return damage;
    }

    /** Event time of the oldest event among the first records, Unix milliseconds; empty when there is no event at all. */
    public OptionalLong begin() throws IOException {
        Opening opening = new Opening();
        read((record, position) -> opening.take(record));
        return opening.oldest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(opening.oldest);
    }

    /** Looks for the oldest event at the beginning. */
    private static final class Opening {
        private final EventBatchReader reader = new EventBatchReader();
        private long oldest = Long.MAX_VALUE;
        private int records;

        boolean take(HistoryRecord record) {
            if (record.kind() == Kind.BATCH) {
                try {
                    reader.open(record.bytes());
                    while (reader.next()) {
                        for (int i = 0; i < reader.count(); i++) {
                            oldest = Math.min(oldest, reader.times()[i]);
                        }
                    }
                } catch (MalformedBatchException e) {
                    // Whoever replays the history counts it; here it only tells nothing about the beginning.
                    return true;
                }
            }
            return ++records < OPENING_RECORDS || oldest == Long.MAX_VALUE;
        }
    }
}
