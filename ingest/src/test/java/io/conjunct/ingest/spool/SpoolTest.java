// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.ingest.spool.FaultPoint.Moment;
import io.conjunct.ingest.spool.Spool.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spool keeps what was synced, in order, until it is delivered, within its quota. */
class SpoolTest {
    @TempDir
    private Path directory;

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void whatWasSynced_isTakenInOrder_andOnlyThat() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        try (Spool spool = box.open()) {
            box.fill(spool, 0, 10, 100);
            spool.append(SpoolBox.batch(10, 100), 1);
            assertThat(SpoolBox.drain(spool)).isEqualTo(numbers(0, 10));
            spool.sync();
            assertThat(SpoolBox.drain(spool)).containsExactly(10);
        }
    }

    @Test
    void whatWasNotDelivered_isThereAfterARestart_oldestFirst() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        long firstEpoch;
        try (Spool spool = box.open()) {
            firstEpoch = spool.epoch();
            box.fill(spool, 0, 400, 1_000);
            for (int i = 0; i < 100; i++) {
                spool.delivered(take(spool));
            }
        }
        try (Spool spool = box.open()) {
            assertThat(spool.epoch()).isGreaterThan(firstEpoch);
            assertThat(box.metric("recovered")).isEqualTo(300);
            box.fill(spool, 400, 410, 1_000);
            assertThat(SpoolBox.drain(spool)).isEqualTo(numbers(100, 410));
        }
    }

    @Test
    void epoch_risesEvenWhenTheClockGoesBack() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        long first;
        try (Spool spool = box.open()) {
            first = spool.epoch();
        }
        box.now = box.now.minusSeconds(3_600);
        try (Spool spool = box.open()) {
            assertThat(spool.epoch()).isEqualTo(first + 1);
        }
    }

    @Test
    void delivered_isDeleted() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        try (Spool spool = box.open()) {
            for (int round = 0; round < 40; round++) {
                box.fill(spool, round * 100, round * 100 + 100, 1_000);
                for (int i = 0; i < 99; i++) {
                    take(spool);
                }
                spool.delivered(take(spool));
                assertThat(box.bytesOnDisk()).isLessThan(3 * 64 * 1024 + 100_000);
            }
            assertThat(spool.isDrained()).isTrue();
        }
        box.open().close();
        assertThat(box.segments()).isEmpty();
    }

    @Test
    void quota_isNeverExceeded_andDeliveryMakesRoom() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        try (Spool spool = box.open()) {
            int spooled = 0;
            try {
                while (true) {
                    spool.append(SpoolBox.batch(spooled, 5_000), 1);
                    spooled++;
                    spool.sync();
                }
            } catch (SpoolFullException e) {
                assertThat(spool.isFull() || box.bytesOnDisk() > SpoolBox.QUOTA - 6_000)
                        .isTrue();
            }
            assertThat(box.bytesOnDisk()).isBetween(SpoolBox.QUOTA - 6_000, SpoolBox.QUOTA);
            for (int i = 0; i < 20; i++) {
                spool.delivered(take(spool));
            }
            spool.append(SpoolBox.batch(spooled, 5_000), 1);
            spool.sync();
            assertThat(SpoolBox.drain(spool)).isEqualTo(numbers(20, spooled + 1));
        }
    }

    @Test
    void diskThatFails_refuses_andRecoversByItself() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        try (Spool spool = box.open()) {
            box.fill(spool, 0, 5, 100);
            box.faults = moment -> {
                if (moment == Moment.BEFORE_SPOOL_FSYNCED) {
                    throw new IOException("no space left on device");
                }
            };
            long lost = spool.append(SpoolBox.batch(99, 100), 1);
            assertThatThrownBy(spool::sync).isInstanceOf(IOException.class);
            spool.rollBack();
            assertThat(spool.isFull()).isTrue();
            assertThat(spool.isDurable(lost)).isFalse();
            box.faults = FaultPoint.NONE;
            box.fill(spool, 5, 8, 100);
            assertThat(spool.isFull()).isFalse();
        }
        try (Spool spool = box.open()) {
            assertThat(SpoolBox.drain(spool)).isEqualTo(numbers(0, 8));
        }
    }

    @Test
    void diskThatIsFullOfWhatKafkaHas_takesAgain() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        box.quota = 64L << 20;
        box.faults = moment -> {
            if (moment == Moment.BEFORE_SPOOL_APPENDED && box.bytesOnDisk() > 100_000) {
                throw new IOException("no space left on device");
            }
        };
        try (Spool spool = box.open()) {
            assertThatThrownBy(() -> box.fill(spool, 0, 200, 1_000)).isInstanceOf(IOException.class);
            spool.rollBack();
            assertThat(box.segments()).hasSize(1);
            while (!spool.isDrained()) {
                spool.delivered(take(spool));
            }
            box.fill(spool, 200, 201, 1_000);
            assertThat(box.bytesOnDisk()).isLessThan(2_000);
            assertThat(SpoolBox.drain(spool)).containsExactly(200);
        }
    }

    @Test
    void tornAndZeroFilledTails_areCut() throws Exception {
        for (byte[] tail : List.of(new byte[5_000], SpoolBox.batch(7, 33), frame(10_000), new byte[] {0x43, 0x4A})) {
            SpoolBox box = new SpoolBox(Files.createTempDirectory(directory, "t"));
            try (Spool spool = box.open()) {
                box.fill(spool, 0, 10, 300);
            }
            Files.write(box.segments().get(0), tail, StandardOpenOption.APPEND);
            try (Spool spool = box.open()) {
                assertThat(box.metric("spool_torn_bytes")).isEqualTo(tail.length);
                assertThat(box.metric("spool_damaged_records")).isZero();
                box.fill(spool, 10, 13, 300);
                assertThat(SpoolBox.drain(spool)).isEqualTo(numbers(0, 13));
            }
        }
    }

    @Test
    void stateFileThatIsDamaged_costsOnlyRepetition() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        try (Spool spool = box.open()) {
            box.fill(spool, 0, 10, 300);
            spool.delivered(take(spool));
        }
        Files.write(directory.resolve("state"), new byte[100]);
        try (Spool spool = box.open()) {
            assertThat(SpoolBox.drain(spool)).isEqualTo(numbers(0, 10));
        }
    }

    @Test
    void oldestAge_isThatOfWhatWaits() throws Exception {
        SpoolBox box = new SpoolBox(directory);
        try (Spool spool = box.open()) {
            assertThat(spool.oldestAge()).isEqualTo(Duration.ZERO);
            box.fill(spool, 0, 1, 300);
            box.now = box.now.plusSeconds(30);
            assertThat(spool.oldestAge()).isEqualTo(Duration.ofSeconds(30));
            Entry entry = take(spool);
            assertThat(spool.isExpired(entry)).isFalse();
            box.now = box.now.plus(Duration.ofHours(2));
            assertThat(spool.isExpired(entry)).isTrue();
            spool.delivered(entry);
            assertThat(spool.oldestAge()).isEqualTo(Duration.ZERO);
        }
    }

    private static byte[] frame(int length) {
        byte[] torn = new byte[Frame.BYTES + 100];
        Frame.of(new byte[length], 10, 0, 1).encode().get(torn, 0, Frame.BYTES);
        return torn;
    }

    private static Entry take(Spool spool) throws IOException {
        Entry entry = spool.take(Duration.ofSeconds(1));
        assertThat(entry).isNotNull();
        return entry;
    }
}
