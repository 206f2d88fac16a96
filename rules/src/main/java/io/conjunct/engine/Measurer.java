// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.engine.Partial.FeedCells;
import io.conjunct.engine.Plan.Match;
import io.conjunct.event.EncodedSeries;
import io.conjunct.event.EventBatch.Header;
import io.conjunct.event.EventBatchReader;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.event.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    /** Those of the current record: added when all of it has been read. */
    private final MeasureCounts recordCounts = new MeasureCounts();

    private final PartitionClock clock;
    /** Per target: offset of the last record that sent it a partial, and the watermark pane it was told. */
    private final long[] sentOffset;

    private final long[] sentPane;
    /** Rule sets that events may still be counted by, in the order of their first pane. */
    private final List<Epoch> epochs = new ArrayList<>();

    private final EventBatchReader reader = new EventBatchReader();
    private final Touched touched;
    /** Where records add up; null when each is sent for itself. */
    private @Nullable Touched gathered;

    /** A rule set in force from a pane on, and what is known of series under it. */
    private record Epoch(
            long from,
            RuleUpdate update,
            Plan plan,
            Map<EncodedSeries, Resolved> known,
            Map<Plan.Source, Map<LabelValues, Slot>> slots) {

        Slot slot(Match match) {
            return slots.computeIfAbsent(match.source(), s -> new HashMap<>())
                    .computeIfAbsent(match.labels(), labels -> new Slot(match.source(), labels));
        }
    }

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

    /**
     * Lets batches add up until time passes the end of a pane, and only then sends partials. Decisions are the same, for
     * far less work, but what has been gathered is lost with the process: only for hosts that begin anew.
     */
    Measurer gathering() {
        gathered = new Touched(sentOffset.length);
        return this;
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

    /** Puts an update where it belongs among the others, however late it comes; one that was superseded counts for nothing. */
    private void install(long from, RuleUpdate update) {
        int at = epochs.size();
        while (at > 0 && epochs.get(at - 1).update().supersedes(update)) {
            at--;
        }
        if (at < epochs.size() && epochs.get(at).from() <= from) {
            return;
        }
        while (at > 0 && epochs.get(at - 1).from() >= from) {
            epochs.remove(--at);
        }
        Plan plan = new Plan(compiler.compile(update), sentOffset.length);
        epochs.add(at, new Epoch(from, update, plan, new HashMap<>(), new HashMap<>()));
    }

    /** Takes a change of rules from the log and passes it on to every task. */
    public void onRules(long offset, byte[] record, Output output) throws IOException {
        RuleUpdate update = RuleUpdate.decode(record);
        boolean known =
                !epochs.isEmpty() && epochs.get(epochs.size() - 1).update().saysTheSameAs(update);
        if (!known) {
            long from = settings.paneOf(update.effectiveMillis());
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
        recordCounts.clear();
        while (reader.next()) {
            measureRows(header);
        }
        counts.add(recordCounts);
        clock.accept(header);
        dropPastRules();
        long pane = clock.watermark() == PartitionClock.UNSET ? Long.MIN_VALUE : settings.paneOf(clock.watermark());
        Touched due = touched;
        if (gathered != null) {
            touched.addTo(gathered);
            due = gathered;
            // What all targets were told last, they were told at once.
            if (pane == sentPane[0]) {
                return;
            }
        }
        for (int target = 0; target < sentOffset.length; target++) {
            List<FeedCells> feeds = due.cells(target);
            if (!feeds.isEmpty() || pane > sentPane[target]) {
                send(target, offset, Optional.empty(), feeds, output);
            }
        }
        due.clear();
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
        recordCounts.events += count;
        long[] times = reader.times();
        long open = clock.watermark() == PartitionClock.UNSET ? Long.MIN_VALUE : settings.paneOf(clock.watermark());
        int from = 0;
        while (from < count) {
            long pane = paneFor(times[from], header, open);
            // Nearly all events are within the pane and need no division to tell.
            boolean counted = pane != TOO_LATE && pane != TOO_FAR_AHEAD;
            long first = counted ? settings.endOf(pane - 1) : Long.MAX_VALUE;
            long last = counted ? Math.min(settings.endOf(pane) - 1, header.receivedMillis()) : Long.MIN_VALUE;
            int to = from + 1;
            while (to < count
                    && ((times[to] >= first && times[to] <= last) || paneFor(times[to], header, open) == pane)) {
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
            recordCounts.tooLate += events;
            return;
        }
        if (pane == TOO_FAR_AHEAD) {
            recordCounts.tooFarAhead += events;
            return;
        }
        Epoch epoch = epochOf(pane);
        if (epoch == null) {
            recordCounts.beforeRules += events;
            return;
        }
        long firstOpen = open == Long.MIN_VALUE ? Long.MIN_VALUE : settings.endOf(open - 1);
        for (int i = from; i < to; i++) {
            if (times[i] > header.receivedMillis()) {
                recordCounts.clamped++;
            } else if (times[i] < firstOpen) {
                recordCounts.lateFolded++;
            }
        }
        Resolved resolved = resolve(epoch);
        recordCounts.unkeyed += (long) events * resolved.unkeyed();
        for (Accumulator accumulator : resolved.accumulators()) {
            accumulator.count(pane, times, from, to, settings);
        }
        if (resolved.accumulators().length > 0) {
            recordCounts.measured += events;
        } else {
            recordCounts.unmeasured += events;
        }
    }

    private @Nullable Epoch epochOf(long pane) {
        for (int i = epochs.size() - 1; i >= 0; i--) {
            if (epochs.get(i).from() <= pane) {
                return epochs.get(i);
            }
        }
        return null;
    }

    private Resolved resolve(Epoch epoch) throws MalformedBatchException {
        Resolved resolved = epoch.known().get(reader.definition());
        if (resolved == null) {
            Series series = reader.series();
            if (epoch.known().size() >= MAX_KNOWN_SERIES) {
                epoch.known().clear();
                epoch.slots().clear();
            }
            List<Match> matches = epoch.plan().matches(series);
            Accumulator[] accumulators = matches.stream()
                    .filter(Match::keyed)
                    .map(m -> new Accumulator(m, series, reader, recordCounts, epoch.slot(m), touched))
                    .toArray(Accumulator[]::new);
            resolved = new Resolved(accumulators, matches.size() - accumulators.length);
            epoch.known().put(reader.definition().copy(), resolved);
        }
        return resolved;
    }

    /**
     * What the rules want of a series.
     *
     * @param unkeyed feeds that select it but are split by a label it lacks
     */
    private record Resolved(Accumulator[] accumulators, int unkeyed) {}

    private void dropPastRules() {
        if (clock.watermark() == PartitionClock.UNSET) {
            return;
        }
        long open = settings.paneOf(clock.watermark());
        boolean past = false;
        while (epochs.size() > 1 && epochs.get(1).from() <= open) {
            epochs.remove(0);
            past = true;
        }
        if (past) {
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
            for (Epoch epoch : epochs) {
                out.writeSInt64NoTag(epoch.from());
                out.writeByteArrayNoTag(epoch.update().encode());
            }
        }));
    }
}
