// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.spool;

import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.spool.Spool.Entry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A spool over a directory, with batches whose first number tells them apart. */
final class SpoolBox {
    static final long QUOTA = 16 * 64 * 1024;

    final Path directory;
    Instant now = Instant.parse("2026-11-20T12:00:00Z");
    FaultPoint faults = FaultPoint.NONE;
    long quota = QUOTA;
    PrometheusRegistry registry = new PrometheusRegistry();

    SpoolBox(Path directory) {
        this.directory = directory;
    }

    Spool open() throws IOException {
        registry = new PrometheusRegistry();
        SpoolSettings settings = SpoolSettings.in(directory).withQuota(quota, Duration.ofHours(1));
        return Spool.open(settings, () -> now, new IngestMetrics(registry), moment -> faults.hit(moment));
    }

    static byte[] batch(int number, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).putInt(number);
        while (bytes.hasRemaining()) {
            bytes.put((byte) (number + bytes.position() * 31));
        }
        return bytes.array();
    }

    /** Spools batches of 1 event each, a sync now and then. */
    void fill(Spool spool, int from, int to, int length) throws Exception {
        for (int i = from; i < to; i++) {
            spool.append(batch(i, length), 1);
            if (i % 30 == 2) {
                spool.sync();
            }
        }
        spool.sync();
    }

    /** The numbers of all batches that are left, in order; -1 for a damaged one. */
    static List<Integer> drain(Spool spool) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        Entry entry;
        while ((entry = spool.take(Duration.ofNanos(1))) != null) {
            byte[] batch = entry.batch();
            numbers.add(batch == null ? -1 : ByteBuffer.wrap(batch).getInt());
        }
        return numbers;
    }

    List<Path> segments() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".spool"))
                    .sorted()
                    .toList();
        }
    }

    long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Path segment : segments()) {
            bytes += Files.size(segment);
        }
        return bytes;
    }

    double metric(String name) {
        return registry.scrape(found -> found.startsWith("conjunct_ingest_" + name)).stream()
                .mapToDouble(snapshot -> snapshot instanceof GaugeSnapshot gauge
                        ? gauge.getDataPoints().stream()
                                .mapToDouble(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                                .sum()
                        : ((CounterSnapshot) snapshot)
                                .getDataPoints().stream()
                                        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                                        .sum())
                .sum();
    }
}
