// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Alert;
import io.conjunct.alert.LegPages;
import io.conjunct.engine.Partial.FeedCells;
import io.conjunct.engine.Partial.LabelCells;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The second step: gathers the partials of all source partitions, closes a pane when the lowest of their watermarks has
 * passed it, and lets every rule group of its task decide. A closed pane is final, so nothing is ever taken back.
 *
 * <p>The store is its write-ahead log: one entry per partial until its newest pane is closed, one packed entry per closed
 * pane and group, one entry with the chain of offsets. What is on the heap is rebuilt from it. The chain proves at run
 * time that every partial came exactly once: a gap stops the task.
 */
public final class Decider {
    private static final byte[] META_KEY = Wire.key('m');
    private static final byte[] RULES_KEY = Wire.key('r');

    private final EngineSettings settings;
    private final RuleUpdate.Compiler compiler;
    private final int task;
    private final int targets;
    private final Store store;
    private final DecideCounts counts;

    private final long[] lastOffset;
    private final long[] watermarks;
    /** Cells of panes that are still open: by pane, feed and labels. */
    private final TreeMap<Long, Map<Long, Map<LabelValues, Cell>>> open = new TreeMap<>();
    /** Keys of the write-ahead log by the newest pane their partial touched. */
    private final TreeMap<Long, List<byte[]>> logged = new TreeMap<>();
    /** Rule changes that wait for their pane, and the one in force. */
    private final TreeMap<Long, RuleUpdate> pending = new TreeMap<>();

    private @Nullable RuleUpdate active;
    private final Map<String, GroupDecider> groups = new LinkedHashMap<>();
    private Map<Long, Long> origins = new TreeMap<>();
    private long nextPane = Long.MIN_VALUE;

    /**
     * Continues where the store left off.
     *
     * @param task which partition of the partials topic this is
     * @param targets partitions of the partials topic
     * @param sources partitions of the event log
     */
    public Decider(
            EngineSettings settings,
            RuleUpdate.Compiler compiler,
            int task,
            int targets,
            int sources,
            Store store,
            DecideCounts counts) {
        this.settings = settings;
        this.compiler = compiler;
        this.task = task;
        this.targets = targets;
        this.store = store;
        this.counts = counts;
        this.lastOffset = new long[sources];
        this.watermarks = new long[sources];
        Arrays.fill(lastOffset, -1);
        Arrays.fill(watermarks, PartitionClock.UNSET);
        restore();
    }

    private void restore() {
        byte[] meta = store.get(META_KEY);
        if (meta != null) {
            Wire.read(meta, in -> {
                int known = in.readUInt32();
                if (known != lastOffset.length) {
                    throw new IllegalStateException(
                            "this state was written for " + known + " event partitions, not " + lastOffset.length);
                }
                for (int i = 0; i < known; i++) {
                    lastOffset[i] = in.readSInt64();
                    watermarks[i] = in.readSInt64();
                }
                nextPane = in.readSInt64();
                return nextPane;
            });
        }
        byte[] rules = store.get(RULES_KEY);
        if (rules != null) {
            Wire.read(rules, in -> {
                if (in.readBool()) {
                    active = RuleUpdate.decode(in.readByteArray());
                }
                int size = in.readUInt32();
                for (int i = 0; i < size; i++) {
                    pending.put(in.readSInt64(), RuleUpdate.decode(in.readByteArray()));
                }
                int feeds = in.readUInt32();
                for (int i = 0; i < feeds; i++) {
                    origins.put(in.readFixed64(), in.readSInt64());
                }
                return size;
            });
        }
        if (active != null) {
            for (RuleGroup group : groupsOf(active)) {
                groups.put(
                        group.name(),
                        new GroupDecider(group, active.revision(), settings, store, origins, nextPane - 1));
            }
        }
        store.scan(Wire.key('w'), (key, value) -> merge(key, Partial.decode(value)));
    }

    /** Takes one partial from the log and decides what has become due. */
    public void onPartial(byte[] record, Decisions decisions) {
        Partial partial = Partial.decode(record);
        int source = partial.source();
        if (partial.offset() <= lastOffset[source]) {
            counts.duplicatePartials++;
            return;
        }
        if (lastOffset[source] >= 0 && partial.previousOffset() != lastOffset[source]) {
            throw new IllegalStateException("task " + task + ": a partial of event partition " + source
                    + " is missing between offsets " + lastOffset[source] + " and " + partial.previousOffset());
        }
        counts.partials++;
        if (partial.rules().isPresent()) {
            announce(partial.rules().get());
        }
        if (!partial.feeds().isEmpty()) {
            byte[] key = Wire.key('w', source, partial.offset());
            store.put(key, record);
            merge(key, partial);
        }
        lastOffset[source] = partial.offset();
        watermarks[source] = Math.max(watermarks[source], partial.watermark());
        closeDue(new Counted(decisions));
        saveMeta();
    }

    /** Every source partition brings the same changes, perhaps in another order; the order they state counts. */
    private void announce(RuleUpdate update) {
        if (active != null && !update.supersedes(active)) {
            return;
        }
        long wanted = settings.paneOf(update.effectiveMillis());
        long from = nextPane == Long.MIN_VALUE ? wanted : Math.max(wanted, nextPane);
        boolean known = pending.values().stream().anyMatch(p -> p.id() == update.id())
                || pending.headMap(from, true).values().stream().anyMatch(p -> p.supersedes(update));
        if (!known) {
            pending.tailMap(from, true).values().removeIf(update::supersedes);
            pending.put(from, update);
            saveRules();
        }
    }

    private void merge(byte[] key, Partial partial) {
        long newest = Long.MIN_VALUE;
        for (FeedCells feed : partial.feeds()) {
            for (LabelCells series : feed.series()) {
                for (int i = 0; i < series.panes().length; i++) {
                    long pane = series.panes()[i];
                    if (nextPane != Long.MIN_VALUE && pane < nextPane) {
                        counts.lateCells++;
                        continue;
                    }
                    newest = Math.max(newest, pane);
                    Map<LabelValues, Cell> cells = open.computeIfAbsent(pane, p -> new HashMap<>())
                            .computeIfAbsent(feed.feed(), f -> new HashMap<>());
                    Cell cell = cells.get(series.labels());
                    if (cell == null) {
                        cells.put(series.labels(), series.cells()[i]);
                    } else {
                        cell.merge(series.cells()[i]);
                    }
                }
            }
        }
        logged.computeIfAbsent(newest, p -> new ArrayList<>()).add(key);
    }

    private void closeDue(Decisions decisions) {
        long watermark = Long.MAX_VALUE;
        for (long w : watermarks) {
            watermark = Math.min(watermark, w);
        }
        if (watermark == PartitionClock.UNSET) {
            return;
        }
        counts.watermarkMillis = watermark;
        if (nextPane == Long.MIN_VALUE) {
            if (pending.isEmpty()) {
                return;
            }
            nextPane = pending.firstKey();
        }
        while (settings.endOf(nextPane) <= watermark) {
            close(nextPane, decisions);
        }
    }

    private void close(long pane, Decisions decisions) {
        Map.Entry<Long, RuleUpdate> due = pending.floorEntry(pane);
        if (due != null) {
            activate(due.getValue(), pane, decisions);
            pending.headMap(due.getKey(), true).clear();
            saveRules();
        }
        Map<Long, Map<LabelValues, Cell>> cells = open.remove(pane);
        for (GroupDecider group : groups.values()) {
            group.close(pane, cells == null ? Map.of() : cells, decisions);
            counts.panes++;
        }
        nextPane = pane + 1;
        open.headMap(nextPane).clear();
        Map<Long, List<byte[]>> spent = logged.headMap(nextPane);
        spent.values().forEach(keys -> keys.forEach(store::delete));
        spent.clear();
    }

    /** Switches to other rules: what is defined as before keeps its state, what is new starts unknown. */
    private void activate(RuleUpdate update, long pane, Decisions decisions) {
        List<RuleGroup> next = groupsOf(update);
        for (GroupDecider old : groups.values()) {
            List<Rule> kept = next.stream()
                    .filter(g -> g.name().equals(old.group.name()))
                    .flatMap(g -> g.rules().stream())
                    .toList();
            old.handOver(kept, pane - 1, decisions);
        }
        active = update;
        groups.clear();
        Map<Long, Long> current = new TreeMap<>();
        for (RuleGroup group : next) {
            GroupDecider decider = new GroupDecider(group, update.revision(), settings, store, origins, pane - 1);
            groups.put(group.name(), decider);
            current.putAll(decider.origins());
        }
        origins = current;
        decisions.switched(update, settings.endOf(pane - 1));
    }

    /** The groups of a rule set that this task decides. */
    private List<RuleGroup> groupsOf(RuleUpdate update) {
        RuleSet rules = compiler.compile(update);
        return rules.groups().stream()
                .filter(g -> Plan.targetOf(g.name(), targets) == task)
                .toList();
    }

    private void saveMeta() {
        store.put(META_KEY, Wire.write(out -> {
            out.writeUInt32NoTag(lastOffset.length);
            for (int i = 0; i < lastOffset.length; i++) {
                out.writeSInt64NoTag(lastOffset[i]);
                out.writeSInt64NoTag(watermarks[i]);
            }
            out.writeSInt64NoTag(nextPane);
        }));
    }

    private void saveRules() {
        RuleUpdate current = active;
        store.put(RULES_KEY, Wire.write(out -> {
            out.writeBoolNoTag(current != null);
            if (current != null) {
                out.writeByteArrayNoTag(current.encode());
            }
            out.writeUInt32NoTag(pending.size());
            for (Map.Entry<Long, RuleUpdate> entry : pending.entrySet()) {
                out.writeSInt64NoTag(entry.getKey());
                out.writeByteArrayNoTag(entry.getValue().encode());
            }
            out.writeUInt32NoTag(origins.size());
            for (Map.Entry<Long, Long> origin : origins.entrySet()) {
                out.writeFixed64NoTag(origin.getKey());
                out.writeSInt64NoTag(origin.getValue());
            }
        }));
    }

    /** Counts transitions on their way out. */
    private final class Counted implements Decisions {
        private final Decisions to;

        Counted(Decisions to) {
            this.to = to;
        }

        @Override
        public void alert(Alert alert) {
            counts.transitions++;
            to.alert(alert);
        }

        @Override
        public void legs(LegPages today) {
            to.legs(today);
        }

        @Override
        public void tick(GroupTick tick) {
            to.tick(tick);
        }

        @Override
        public void switched(RuleUpdate rules, long fromMillis) {
            to.switched(rules, fromMillis);
        }
    }
}
