// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a disk does to the files, a start succeeds, only what was hit is lost, and it is counted. */
class SpoolDamageTest {
    private static final int BATCHES = 60;
    private static final int LENGTH = 4_000;
    private static final int ROUNDS = 100;

    @TempDir
    private Path directory;

    /** Ten times a hundred rounds; the seed is the repetition. */
    @RepeatedTest(10)
    void damagedBytes_costTheBatchesTheyAreIn_andNoOthers(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        SpoolBox whole = new SpoolBox(directory.resolve("whole"));
        try (Spool spool = whole.open()) {
            whole.fill(spool, 0, BATCHES, LENGTH);
        }
        for (int round = 0; round < ROUNDS; round++) {
            String seed = repetition.getCurrentRepetition() + "/" + round;
            SpoolBox box = new SpoolBox(directory.resolve("round" + round));
            copy(whole.directory, box.directory);
            Set<Integer> hit = damage(box, random);
            try (Spool spool = box.open()) {
                List<Integer> left = SpoolBox.drain(spool);
                long unreadable = left.stream().filter(number -> number < 0).count();
                List<Integer> sound =
                        left.stream().filter(number -> number >= 0).toList();
                Set<Integer> lost = new HashSet<>();
                for (int i = 0; i < BATCHES; i++) {
                    if (!sound.contains(i)) {
                        lost.add(i);
                    }
                }
                assertThat(sound).as("seed " + seed).isSorted().doesNotHaveDuplicates();
                assertThat(hit).as("seed " + seed).containsAll(lost);
                assertThat(unreadable + box.metric("spool_damaged_records") >= lost.size()
                                || box.metric("spool_torn_bytes") > 0)
                        .as("counted, seed " + seed)
                        .isTrue();
                assertThat(box.metric("recovered")).as("seed " + seed).isEqualTo(left.size());
                if (round % 20 == 0) {
                    box.fill(spool, BATCHES, BATCHES + 3, LENGTH);
                    assertThat(SpoolBox.drain(spool)).containsExactly(BATCHES, BATCHES + 1, BATCHES + 2);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /** Flips single bits, zeroes ranges or puts garbage; returns the batches that were hit. */
    private static Set<Integer> damage(SpoolBox box, Random random) throws Exception {
        Set<Integer> hit = new HashSet<>();
        List<Path> segments = box.segments();
        int wounds = 1 + random.nextInt(3);
        for (int i = 0; i < wounds; i++) {
            Path segment = segments.get(random.nextInt(segments.size()));
            int base = Segment.base(segment).orElseThrow().intValue();
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                int at = random.nextInt((int) file.length());
                int length = random.nextInt(3) == 0 ? 1 + random.nextInt(6_000) : 1;
                length = (int) Math.min(length, file.length() - at);
                byte[] bytes = new byte[length];
                file.seek(at);
                file.readFully(bytes);
                if (length == 1) {
                    bytes[0] ^= (byte) (1 << random.nextInt(8));
                } else if (random.nextBoolean()) {
                    random.nextBytes(bytes);
                } else {
                    bytes = new byte[length];
                }
                file.seek(at);
                file.write(bytes);
                for (int b = at / (LENGTH + Frame.BYTES); b <= (at + length - 1) / (LENGTH + Frame.BYTES); b++) {
                    hit.add(base + b);
                }
            }
        }
        return hit;
    }
}
