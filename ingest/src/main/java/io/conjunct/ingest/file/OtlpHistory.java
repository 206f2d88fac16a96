// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.file;

import static java.util.Objects.requireNonNull;

import io.conjunct.backtest.Progress;
import io.conjunct.history.HistoryWriter;
import io.conjunct.ingest.batch.RecordedBatches;
import io.conjunct.ingest.mapping.Mapping;
import io.conjunct.ingest.mapping.RequestMapper;
import io.conjunct.ingest.metrics.Adjustment;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.metrics.Rejection;
import io.conjunct.ingest.metrics.Shaping;
import io.conjunct.ingest.otlp.JsonReader;
import io.conjunct.ingest.otlp.MalformedRequestException;
import io.conjunct.ingest.profile.IngestProfile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a recorded history of OTLP JSON lines, as the OpenTelemetry Collector's file exporter writes them: one export
 * request a line, plain or gzip. Reader and mapping are the sidecar's. Its clock is the data's: a line counts as received
 * at the latest time it speaks of. Several files are merged by that time, so traces, logs and metrics may lie in files of
 * their own, and rotated files may come in any order.
 *
 * <p>Limits: {@value #MAX_FILES} files, {@value #MAX_STREAMS} cumulative streams. Source: "File exporter" and "JSON
 * Protobuf Encoding" of the OTLP specification.
 */
public final class OtlpHistory {
    static final int MAX_FILES = 1_000;
    static final int MAX_STREAMS = 200_000;

    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private final IngestProfile profile;
    private final long tickMillis;
    private final Duration allowedLateness;

    private final IngestMetrics metrics = new IngestMetrics(new PrometheusRegistry());
    private final JsonReader reader = new JsonReader();
    private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
    private final Map<Adjustment, Long> adjusted = new EnumMap<>(Adjustment.class);
    private final Map<String, Long> folded = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable RequestMapper mapper;

    /**
     * Prepares one conversion.
     *
     * @param profile what is kept of events
     * @param tick the engine's
     */
    public OtlpHistory(IngestProfile profile, Duration tick, Duration allowedLateness) {
        this.profile = requireNonNull(profile, "profile");
        this.tickMillis = tick.toMillis();
        this.allowedLateness = requireNonNull(allowedLateness, "allowedLateness");
    }

    /**
     * What became of the records.
     *
     * @param events how many are in the history
     * @param unread how many no rule reads, so that they were left out as a sidecar leaves them out
     * @param notes what a reader of a report should know, in words
     */
    public record Summary(long events, long unread, List<String> notes) {
        public Summary {
            notes = List.copyOf(notes);
        }
    }

    /** Whether a file can be one of ours: it begins with an object, or it is gzip. */
    public static boolean isOtlp(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            int first = in.read();
            while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
                first = in.read();
            }
            return first == '{' || (first == GZIP_FIRST && in.read() == GZIP_SECOND);
        }
    }

    /**
     * Converts files.
     *
     * @throws IOException when a file cannot be read, or there is no event in all of them
     */
    public Summary convert(List<Path> files, HistoryWriter writer, Progress progress) throws IOException {
        if (files.size() > MAX_FILES) {
            throw new IOException(files.size() + " files (expected: at most " + MAX_FILES + ")");
        }
        long total = 0;
        PriorityQueue<Queued> queue =
                new PriorityQueue<>(Comparator.comparingLong(Queued::now).thenComparingInt(Queued::number));
        for (int i = 0; i < files.size(); i++) {
            total += Files.size(files.get(i));
            // Looked into and closed: a month of rotated files is not open all at once.
            try (OtlpFile file = OtlpFile.open(files.get(i))) {
                if (file.peek() == null) {
                    end(file);
                } else {
                    queue.add(new Queued(file.now(), i, null));
                }
            }
        }
        RecordedBatches batches = new RecordedBatches(writer, tickMillis, allowedLateness);
        long done = 0;
        List<OtlpFile> opened = new ArrayList<>();
        try {
            while (!queue.isEmpty()) {
                Queued first = queue.remove();
                OtlpFile file = first.file();
                long before = file == null ? 0 : file.position();
                if (file == null) {
                    file = OtlpFile.open(files.get(first.number()));
                    opened.add(file);
                }
                long now = first.now();
                map(file.name(), file.take(), now, batches);
                done += file.position() - before;
                progress.at(Math.min(done, total), total);
                if (file.peek() == null) {
                    end(file);
                    file.close();
                    opened.remove(file);
                } else {
                    queue.add(new Queued(file.now(), first.number(), file));
                }
            }
        } finally {
            for (OtlpFile file : opened) {
                file.close();
            }
        }
        batches.end();
        return summary(batches, files);
    }

    /** A file that waits for its turn; {@code file} is null until it has been opened. */
    private record Queued(long now, int number, @Nullable OtlpFile file) {}

    private void map(String name, OtlpLine line, long now, RecordedBatches batches) throws IOException {
        RequestMapper mapping = mapper;
        if (mapping == null) {
            mapping = new Mapping(tickMillis, now, MAX_STREAMS, metrics).newMapper();
            mapper = mapping;
        }
        mapping.begin(line.signal(), profile, now);
        try {
            reader.read(line.signal(), line.json(), mapping);
        } catch (MalformedRequestException e) {
            throw new IOException(name + ":" + line.number() + ": " + e.getMessage(), e);
        }
        batches.now(now);
        batches.append(mapping.stage());
        for (Rejection reason : Rejection.values()) {
            add(rejected, reason, mapping.tally().rejected(reason));
        }
        for (Adjustment adjustment : Adjustment.values()) {
            add(adjusted, adjustment, mapping.tally().adjusted(adjustment));
        }
        mapping.tally().shaped().forEach((what, count) -> {
            if (what.how() == Shaping.TOO_MANY_VALUES) {
                add(folded, what.key(), count);
            }
        });
    }

    private static <K> void add(Map<K, Long> counts, K key, long count) {
        if (count > 0) {
            counts.merge(key, count, Long::sum);
        }
    }

    private void end(OtlpFile file) {
        if (file.malformedLines() > 0) {
            notes.add(file.malformedLines() + (file.malformedLines() == 1 ? " line" : " lines")
                    + " could not be read, the first: " + file.firstMalformed());
        }
        if (!file.broken().isEmpty()) {
            notes.add(file.name() + ": " + file.broken());
        }
    }

    private Summary summary(RecordedBatches batches, List<Path> files) throws IOException {
        if (batches.events() == 0) {
            long unread = rejected.getOrDefault(Rejection.NO_RULE, 0L);
            throw new IOException("there is no event in " + files
                    + (unread > 0 ? " that a rule reads (" + unread + " others)" : "")
                    + (notes.isEmpty() ? "" : "; " + String.join("; ", notes)));
        }
        rejected.forEach((reason, count) -> {
            if (reason.reported()) {
                notes.add(count + " records left out: " + reason.explanation());
            }
        });
        note(Adjustment.TIME_AHEAD, "records had a time ahead of all others around them and count as of then");
        note(Adjustment.TIME_MISSING, "records had no time and count as of the records around them");
        if (!folded.isEmpty()) {
            notes.add("values folded into " + IngestProfile.OTHER + ", as a sidecar folds them: " + folded);
        }
        if (metrics.evictedStreams() > 0) {
            notes.add(metrics.evictedStreams() + " cumulative streams forgotten: more than " + MAX_STREAMS);
        }
        if (batches.oversize() > 0) {
            notes.add(batches.oversize() + " events were longer than a batch may be and are left out");
        }
        return new Summary(batches.events() - batches.oversize(), rejected.getOrDefault(Rejection.NO_RULE, 0L), notes);
    }

    private void note(Adjustment adjustment, String words) {
        long count = adjusted.getOrDefault(adjustment, 0L);
        if (count > 0) {
            notes.add(count + " " + words);
        }
    }
}
