// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.engine.Partial.FeedCells;
import io.conjunct.engine.Partial.LabelCells;
import io.conjunct.engine.Plan.Match;
import io.conjunct.event.EncodedSeries;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchReader;
import io.conjunct.event.Exemplar;
import io.conjunct.event.Field;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.event.Series;
import io.conjunct.signal.Cell;
import io.conjunct.signal.Feed;
import io.conjunct.signal.Feed.Part;
import io.conjunct.signal.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The first step: turns each record of one partition of the event log into at most one partial per deciding task. It is
 * a function of the record and of what the partition said before (promises, rules), never of a clock.
 *
 * <p>An event for a pane that its partition has already promised closed is counted in the oldest open pane; one that is
 * later than the late limit is not measured. Both are counted. Series are matched against the rules once: at most
 * {@value #MAX_KNOWN_SERIES} results are remembered, then the memory starts anew.
 */
public final class Measurer {
    static final int MAX_KNOWN_SERIES = 100_000;

    private static final byte[] CLOCK_KEY = Wire.key('c');
    private static final byte[] RULES_KEY = Wire.key('r');

    private final EngineSettings settings;
    private final RuleUpdate.Compiler compiler;
    private final int source;
    private final Store store;
    private final MeasureCounts counts;
    private final PartitionClock clock;
    /** Per target: offset of the last record that sent it a partial, and the watermark pane it was told. */
    private final long[] sentOffset;

    private final long[] sentPane;
    private final TreeMap<Long, Epoch> epochs = new TreeMap<>();
    private final EventBatchReader reader = new EventBatchReader();
    private final Touched touched;

    /** A rule set in force from a pane on, and what is known of series under it. */
    private record Epoch(RuleUpdate update, Plan plan, Map<EncodedSeries, Resolved> known) {}

    /** Receives the partials of a record. */
    public interface Output {
        void partial(int target, byte[] partial);
    }

    /**
     * Continues where the store left off.
     *
     * @param source partition of the event log this task reads
     * @param targets partitions of the partials topic
     */
    public Measurer(
            EngineSettings settings,
            RuleUpdate.Compiler compiler,
            int source,
            int targets,
            Store store,
            MeasureCounts counts) {
        this.settings = settings;
        this.compiler = compiler;
        this.source = source;
        this.store = store;
        this.counts = counts;
        this.clock = new PartitionClock(settings.idleTimeout().toMillis());
        this.sentOffset = new long[targets];
        this.sentPane = new long[targets];
        this.touched = new Touched(targets);
        Arrays.fill(sentOffset, -1);
        Arrays.fill(sentPane, Long.MIN_VALUE);
        restore();
    }

    private void restore() {
        byte[] saved = store.get(CLOCK_KEY);
        if (saved != null) {
            Wire.read(saved, in -> {
                clock.readFrom(in);
                int known = in.readUInt32();
                if (known != sentOffset.length) {
                    throw new IllegalStateException(
                            "this state was written for " + known + " partials partitions, not " + sentOffset.length);
                }
                for (int i = 0; i < sentOffset.length; i++) {
                    sentOffset[i] = in.readSInt64();
                    sentPane[i] = in.readSInt64();
                }
                return sentOffset;
            });
        }
        byte[] rules = store.get(RULES_KEY);
        if (rules != null) {
            Wire.read(rules, in -> {
                int updates = in.readUInt32();
                for (int i = 0; i < updates; i++) {
                    long from = in.readSInt64();
                    install(from, RuleUpdate.decode(in.readByteArray()));
                }
                return updates;
            });
        }
    }

    private void install(long fromPane, RuleUpdate update) {
        epochs.put(fromPane, new Epoch(update, new Plan(compiler.compile(update), sentOffset.length), new HashMap<>()));
    }

    /** Takes a change of rules from the log and passes it on to every task. */
    public void onRules(long offset, byte[] record, Output output) throws IOException {
        RuleUpdate update = RuleUpdate.decode(record);
        boolean known =
                !epochs.isEmpty() && epochs.lastEntry().getValue().update().content() == update.content();
        if (!known) {
            long from = settings.paneOf(update.effectiveMillis());
            epochs.tailMap(from, true).clear();
            install(from, update);
            saveRules();
        }
        for (int target = 0; target < sentOffset.length; target++) {
            send(target, offset, known ? Optional.empty() : Optional.of(update), List.of(), output);
        }
        saveClock();
    }

    /** Measures a batch. A malformed one changes nothing. */
    public void onBatch(long offset, byte[] record, Output output) throws MalformedBatchException {
        Header header = reader.open(record);
        if (clock.isDuplicate(header)) {
            counts.duplicateBatches++;
            return;
        }
        touched.clear();
        while (reader.next()) {
            measureRows(header);
        }
        clock.accept(header);
        dropPastRules();
        long pane = clock.watermark() == PartitionClock.UNSET ? Long.MIN_VALUE : settings.paneOf(clock.watermark());
        for (int target = 0; target < sentOffset.length; target++) {
            List<FeedCells> feeds = touched.take(target);
            if (!feeds.isEmpty() || pane > sentPane[target]) {
                send(target, offset, Optional.empty(), feeds, output);
            }
        }
        saveClock();
    }

    private void send(int target, long offset, Optional<RuleUpdate> rules, List<FeedCells> feeds, Output output) {
        Partial partial = new Partial(source, sentOffset[target], offset, clock.watermark(), rules, feeds);
        sentOffset[target] = offset;
        sentPane[target] =
                clock.watermark() == PartitionClock.UNSET ? Long.MIN_VALUE : settings.paneOf(clock.watermark());
        output.partial(target, partial.encode());
    }

    private void measureRows(Header header) throws MalformedBatchException {
        int count = reader.count();
        counts.events += count;
        long[] times = reader.times();
        long open = clock.watermark() == PartitionClock.UNSET ? Long.MIN_VALUE : settings.paneOf(clock.watermark());
        int from = 0;
        while (from < count) {
            long pane = paneFor(times[from], header, open);
            int to = from + 1;
            while (to < count && paneFor(times[to], header, open) == pane) {
                to++;
            }
            measureRun(pane, times, from, to, header, open);
            from = to;
        }
    }

    /** The pane an event counts in; one of the two marks when it counts in none. */
    private long paneFor(long time, Header header, long open) {
        long pane = settings.paneOf(Math.min(time, header.receivedMillis()));
        if (open == Long.MIN_VALUE) {
            return pane;
        }
        if (pane < open) {
            return time < clock.watermark() - settings.lateLimit().toMillis() ? TOO_LATE : open;
        }
        return pane > open + settings.aheadLimit().toMillis() / settings.tickMillis() ? TOO_FAR_AHEAD : pane;
    }

    private static final long TOO_LATE = Long.MIN_VALUE;
    private static final long TOO_FAR_AHEAD = Long.MAX_VALUE;

    private void measureRun(long pane, long[] times, int from, int to, Header header, long open)
            throws MalformedBatchException {
        int events = to - from;
        if (pane == TOO_LATE) {
            counts.tooLate += events;
            return;
        }
        if (pane == TOO_FAR_AHEAD) {
            counts.tooFarAhead += events;
            return;
        }
        Map.Entry<Long, Epoch> epoch = epochs.floorEntry(pane);
        if (epoch == null) {
            counts.beforeRules += events;
            return;
        }
        for (int i = from; i < to; i++) {
            if (times[i] > header.receivedMillis()) {
                counts.clamped++;
            } else if (open != Long.MIN_VALUE && settings.paneOf(times[i]) < open) {
                counts.lateFolded++;
            }
        }
        Resolved resolved = resolve(epoch.getValue());
        boolean measured = false;
        for (Accumulator accumulator : resolved.accumulators) {
            if (accumulator.match.keyed()) {
                accumulator.count(pane, times, from, to);
                measured = true;
            } else {
                counts.unkeyed += events;
            }
        }
        if (measured) {
            counts.measured += events;
        } else {
            counts.unmeasured += events;
        }
    }

    private Resolved resolve(Epoch epoch) throws MalformedBatchException {
        Resolved resolved = epoch.known().get(reader.definition());
        if (resolved == null) {
            Series series = reader.series();
            List<Accumulator> accumulators = new ArrayList<>();
            for (Match match : epoch.plan().matches(series)) {
                accumulators.add(new Accumulator(match, series));
            }
            resolved = new Resolved(accumulators.toArray(Accumulator[]::new));
            if (epoch.known().size() >= MAX_KNOWN_SERIES) {
                epoch.known().clear();
            }
            epoch.known().put(reader.definition().copy(), resolved);
        }
        return resolved;
    }

    /** What the rules want of a series. */
    private record Resolved(Accumulator[] accumulators) {}

    /** Counts events of one series for one feed into the cells of the current record. */
    private final class Accumulator {
        private final Match match;
        private final Field.Type type;
        private final int outcomeField;

        Accumulator(Match match, Series series) {
            this.match = match;
            this.type = match.field() < 0
                    ? Field.Type.NUMBER
                    : series.fields().get(match.field()).type();
            this.outcomeField = match.source().measured.length == 0
                    ? -1
                    : series.indexOfField(match.source().measured[0].field());
        }

        void count(long pane, long[] times, int from, int to) throws MalformedBatchException {
            Cell cell = touched.cell(match, pane);
            Feed feed = match.source().feed;
            if (feed.part() == Part.SHARE) {
                countShare(cell, from, to);
            } else if (match.field() < 0) {
                cell.addOccurrences(measurements(from, to));
            } else {
                countField(cell, times, from, to);
            }
            for (Exemplar exemplar : reader.exemplars()) {
                if (settings.paneOf(exemplar.timeMillis()) == pane) {
                    cell.offer(exemplar);
                }
            }
        }

        /** A histogram data point stands for as many measurements as it counted. */
        private long measurements(int from, int to) throws MalformedBatchException {
            if (reader.columns() != 1 || !reader.hasDistributions(0)) {
                return to - from;
            }
            long measurements = 0;
            for (int i = from; i < to; i++) {
                measurements += reader.measurements(0, i);
            }
            return measurements;
        }

        private void countShare(Cell cell, int from, int to) throws MalformedBatchException {
            if (match.source().measured.length == 0) {
                long events = measurements(from, to);
                cell.addShare(events, match.hit() ? events : 0);
                return;
            }
            if (outcomeField < 0) {
                cell.addShare(to - from, 0);
                return;
            }
            Outcome.Measured outcome = match.source().measured[0];
            long hits = 0;
            for (int i = from; i < to; i++) {
                double value = reader.value(outcomeField, i);
                if (!Double.isNaN(value) && outcome.comparator().test(value, outcome.threshold())) {
                    hits++;
                }
            }
            cell.addShare(to - from, hits);
        }

        private void countField(Cell cell, long[] times, int from, int to) throws MalformedBatchException {
            switch (type) {
                case DURATION -> {
                    if (cell.part() == Part.LAST) {
                        for (int i = from; i < to; i++) {
                            cell.addNumber(reader.durations(match.field())[i], times[i]);
                        }
                    } else {
                        cell.addDurations(reader.durations(match.field()), from, to);
                    }
                }
                case NUMBER -> {
                    double[] numbers = reader.numbers(match.field());
                    for (int i = from; i < to; i++) {
                        if (Double.isFinite(numbers[i])) {
                            cell.addNumber(numbers[i], times[i]);
                        } else {
                            counts.notFinite++;
                        }
                    }
                }
                case DISTRIBUTION -> {
                    for (int i = from; i < to; i++) {
                        cell.addDistribution(reader.distribution(match.field(), i), times[i]);
                    }
                }
            }
        }
    }

    /** The cells that the current record touched, by target, feed, labels and pane. */
    private static final class Touched {
        private final List<Map<Plan.Source, Map<LabelValues, TreeMap<Long, Cell>>>> byTarget = new ArrayList<>();

        Touched(int targets) {
            for (int i = 0; i < targets; i++) {
                byTarget.add(new LinkedHashMap<>());
            }
        }

        void clear() {
            byTarget.forEach(Map::clear);
        }

        Cell cell(Match match, long pane) {
            return byTarget.get(match.source().target)
                    .computeIfAbsent(match.source(), s -> new HashMap<>())
                    .computeIfAbsent(match.labels(), l -> new TreeMap<>())
                    .computeIfAbsent(pane, p -> new Cell(match.source().feed.part()));
        }

        List<FeedCells> take(int target) {
            Map<Plan.Source, Map<LabelValues, TreeMap<Long, Cell>>> cells = byTarget.get(target);
            if (cells.isEmpty()) {
                return List.of();
            }
            List<FeedCells> feeds = new ArrayList<>(cells.size());
            cells.forEach((source, bySeries) -> {
                List<LabelCells> series = new ArrayList<>(bySeries.size());
                bySeries.forEach((labels, byPane) -> series.add(new LabelCells(
                        labels,
                        byPane.keySet().stream().mapToLong(Long::longValue).toArray(),
                        byPane.values().toArray(Cell[]::new))));
                feeds.add(new FeedCells(source.id, source.feed.part(), series));
            });
            cells.clear();
            return feeds;
        }
    }

    private void dropPastRules() {
        if (clock.watermark() == PartitionClock.UNSET) {
            return;
        }
        Long current = epochs.floorKey(settings.paneOf(clock.watermark()));
        if (current != null && !epochs.headMap(current).isEmpty()) {
            epochs.headMap(current).clear();
            saveRules();
        }
    }

    private void saveClock() {
        store.put(CLOCK_KEY, Wire.write(out -> {
            clock.writeTo(out);
            out.writeUInt32NoTag(sentOffset.length);
            for (int i = 0; i < sentOffset.length; i++) {
                out.writeSInt64NoTag(sentOffset[i]);
                out.writeSInt64NoTag(sentPane[i]);
            }
        }));
    }

    private void saveRules() {
        store.put(RULES_KEY, Wire.write(out -> {
            out.writeUInt32NoTag(epochs.size());
            for (Map.Entry<Long, Epoch> epoch : epochs.entrySet()) {
                out.writeSInt64NoTag(epoch.getKey());
                out.writeByteArrayNoTag(epoch.getValue().update().encode());
            }
        }));
    }
}
