// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.history.HistoryRecord.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded files: what was written is read, and what was damaged is told. */
final class HistoryTest {
    @TempDir
    Path directory;

    private static List<HistoryRecord> records(Random random, int count) {
        List<HistoryRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[random.nextInt(i % 10 == 0 ? 400_000 : 300)];
            random.nextBytes(bytes);
            records.add(new HistoryRecord(i % 7 == 0 ? Kind.RULES : Kind.BATCH, random.nextInt(3), i, bytes));
        }
        return records;
    }

    private Path write(List<HistoryRecord> records, String name) throws IOException {
        Path file = directory.resolve(name);
        try (HistoryWriter writer = HistoryWriter.create(file, 3)) {
            for (HistoryRecord record : records) {
                writer.write(record);
            }
            assertThat(writer.records()).isEqualTo(records.size());
        }
        return file;
    }

    /** What a reader makes of a file. */
    private record Read(List<Long> offsets, Damage damage) {}

    private static Read read(Path file, List<HistoryRecord> written) throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (HistoryReader reader = HistoryReader.open(file)) {
            for (HistoryRecord record = reader.next(); record != null; record = reader.next()) {
                HistoryRecord original = written.get((int) record.offset());
                assertThat(record.bytes()).isEqualTo(original.bytes());
                assertThat(record.kind()).isEqualTo(original.kind());
                assertThat(record.source()).isEqualTo(original.source());
                offsets.add(record.offset());
            }
            return new Read(offsets, reader.damage());
        }
    }

    @Test
    void records_areReadAsWritten() throws IOException {
        List<HistoryRecord> records = records(new Random(1), 200);
        Path file = write(records, "all.events");
        Read read = read(file, records);
        assertThat(read.offsets()).hasSize(200);
        assertThat(read.damage().isNone()).isTrue();
        assertThat(History.of(List.of(file)).sources()).isEqualTo(3);
    }

    @Test
    void tornTail_isToldWithItsPlace() throws IOException {
        List<HistoryRecord> records = records(new Random(2), 20);
        byte[] whole = Files.readAllBytes(write(records, "whole.events"));
        int last = HistoryFormat.FRAME_BYTES
                + HistoryFormat.BODY_HEAD_BYTES
                + records.get(19).bytes().length;
        for (int cut : new int[] {1, last / 2, last - 1}) {
            Path torn = Files.write(directory.resolve("torn.events"), Arrays.copyOf(whole, whole.length - cut));
            Read read = read(torn, records);
            assertThat(read.offsets()).hasSize(19);
            assertThat(read.damage()).isEqualTo(new Damage(0, last - cut, whole.length - last, whole.length - last));
            assertThat(read.damage().describe()).isEqualTo("cut off in the record at byte " + (whole.length - last));
        }
    }

    @Test
    void damagedBytes_costTheRecordTheyAreIn() throws IOException {
        List<HistoryRecord> records = records(new Random(3), 60);
        byte[] whole = Files.readAllBytes(write(records, "whole.events"));
        Random random = new Random(4);
        for (int i = 0; i < 30; i++) {
            byte[] damaged = whole.clone();
            int at = HistoryFormat.HEADER_BYTES + random.nextInt(whole.length - HistoryFormat.HEADER_BYTES - 1000);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Read read = read(Files.write(directory.resolve("damaged.events"), damaged), records);
            assertThat(read.offsets()).as("byte %d", at).hasSize(59);
            assertThat(read.damage().stretches()).isEqualTo(1);
            assertThat(read.damage().firstPosition()).isBetween(at - 400_100L, (long) at);
        }
    }

    @Test
    void otherFiles_areRefused() throws IOException {
        Path text = Files.writeString(directory.resolve("notes.txt"), "these are not events, whatever they are called");
        assertThatThrownBy(() -> HistoryReader.open(text))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("is not a recorded file");
        Path empty = Files.write(directory.resolve("empty.events"), new byte[0]);
        assertThatThrownBy(() -> HistoryReader.open(empty)).isInstanceOf(HistoryException.class);
        byte[] newer = Files.readAllBytes(write(List.of(), "newer.events"));
        newer[11] = 2;
        Path damaged = Files.write(directory.resolve("newer.events"), newer);
        assertThatThrownBy(() -> HistoryReader.open(damaged)).hasMessageContaining("the header is damaged");
    }

    @Test
    void overlappingFiles_countARecordOnce() throws IOException {
        List<HistoryRecord> records = records(new Random(5), 40);
        Path first = write(records.subList(0, 25), "first.events");
        Path second = write(records.subList(15, 40), "second.events");
        List<Long> offsets = new ArrayList<>();
        History.of(List.of(first, second)).read((record, position) -> offsets.add(record.offset()));
        assertThat(offsets).hasSize(40).isSorted();
    }
}
