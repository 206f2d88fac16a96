// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.engine.GroupTick.RuleState;
import io.conjunct.engine.GroupTick.Sample;
import io.conjunct.engine.PaneLog.Pane;
import io.conjunct.event.Exemplar;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.signal.Cell;
import io.conjunct.signal.Feed;
import io.conjunct.signal.Fingerprint;
import io.conjunct.signal.Reading;
import io.conjunct.signal.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything about one rule group in one place: windows slide, signals are read, rules are evaluated, alerts change. So
 * "X AND Y" needs no coordination. Its state is in the store: closed panes, alerts, held values, empty label sets.
 */
final class GroupDecider {
    final RuleGroup group;
    private final String revision;
    private final EngineSettings settings;
    private final Store store;
    private final long id;
    private final PaneLog log;
    private final Map<Long, FeedWindows> feeds = new LinkedHashMap<>();
    private final Map<String, SignalValues> signals = new LinkedHashMap<>();
    private final List<RuleDecider> rules = new ArrayList<>();
    private final int ladder;
    private int savedDormant;

    /**
     * Builds the group and restores what the store holds of it.
     *
     * @param origins first pane of each feed
     * @param lastClosed the pane the state is of
     */
    GroupDecider(
            RuleGroup group,
            String revision,
            EngineSettings settings,
            Store store,
            Map<Long, Long> origins,
            long lastClosed) {
        this.group = group;
        this.revision = revision;
        this.settings = settings;
        this.store = store;
        this.id = Fingerprint.bits(group.name());
        this.log = new PaneLog(store, id);
        Map<Long, TreeSet<Long>> lengths = new LinkedHashMap<>();
        Map<Long, Feed> definitions = new LinkedHashMap<>();
        for (Signal signal : group.allSignals().values()) {
            Feed feed = signal.feed().in(group.name());
            definitions.put(feed.id(), feed);
            lengths.computeIfAbsent(feed.id(), f -> new TreeSet<>()).add(SignalValues.ticks(signal, settings));
        }
        int highest = 0;
        for (Map.Entry<Long, Feed> feed : definitions.entrySet()) {
            FeedWindows windows = new FeedWindows(
                    feed.getValue(),
                    origins.getOrDefault(feed.getKey(), lastClosed + 1),
                    lengths.getOrDefault(feed.getKey(), new TreeSet<>()),
                    settings.maxSeries(),
                    settings.retireAfter().toMillis() / settings.tickMillis());
            feeds.put(feed.getKey(), windows);
            highest = Math.max(highest, windows.highestLevel());
        }
        this.ladder = highest;
        for (Signal signal : group.allSignals().values()) {
            FeedWindows windows = feeds.get(signal.feed().in(group.name()).id());
            if (windows != null) {
                signals.put(signal.name(), new SignalValues(signal, windows, settings));
            }
        }
        for (Rule rule : group.rules()) {
            rules.add(new RuleDecider(
                    rule, group.name(), group.owner(), revision, signals, settings, group.mutes(), this::exemplars));
        }
        restore(lastClosed);
    }

    private void restore(long lastClosed) {
        for (FeedWindows windows : feeds.values()) {
            for (int i = 0; i < windows.windows(); i++) {
                windows.rebuild(i, log, lastClosed);
            }
        }
        byte[] dormant = store.get(Wire.key('d', id));
        if (dormant != null) {
            Wire.read(dormant, in -> {
                int size = in.readUInt32();
                for (int i = 0; i < size; i++) {
                    long feed = in.readFixed64();
                    long origin = in.readSInt64();
                    LabelValues labels = LabelValues.readFrom(in);
                    long since = in.readSInt64();
                    FeedWindows windows = feeds.get(feed);
                    if (windows != null && windows.key.origin() == origin) {
                        windows.restoreDormant(labels, since);
                    }
                }
                savedDormant = size;
                return size;
            });
        }
        byte[] held = store.get(Wire.key('h', id));
        if (held != null) {
            Wire.read(held, in -> {
                int size = in.readUInt32();
                for (int i = 0; i < size; i++) {
                    SignalValues values = signals.get(in.readString());
                    SignalValues.readHeld(in, values != null && values.holds() ? values : null);
                }
                return size;
            });
        }
        for (RuleDecider rule : rules) {
            byte[] saved = store.get(ruleKey(rule.rule));
            if (saved != null) {
                rule.restore(saved);
            }
        }
    }

    /** First panes of the group's feeds, to be kept over restarts and reloads. */
    Map<Long, Long> origins() {
        Map<Long, Long> origins = new TreeMap<>();
        feeds.forEach((feed, windows) -> origins.put(feed, windows.key.origin()));
        return origins;
    }

    boolean counts(long feed) {
        return feeds.containsKey(feed);
    }

    /** Closes a pane: nothing more will be counted in it. */
    void close(long pane, Map<Long, Map<LabelValues, Cell>> cells, Decisions decisions) {
        slide(pane, cells);
        signals.values().forEach(s -> s.at(pane));
        long now = settings.endOf(pane);
        List<RuleState> states = new ArrayList<>();
        for (RuleDecider rule : rules) {
            states.addAll(rule.tick(pane, now, decisions));
            if (rule.takeChanged()) {
                store.put(ruleKey(rule.rule), rule.save());
            }
        }
        decisions.tick(new GroupTick(group.name(), revision, now, samples(), states));
        saveHeld();
        saveDormant(pane);
    }

    private void slide(long pane, Map<Long, Map<LabelValues, Cell>> cells) {
        Pane closed = new Pane();
        cells.forEach((feed, bySeries) -> {
            FeedWindows windows = feeds.get(feed);
            if (windows != null && pane >= windows.key.origin()) {
                closed.put(windows.key, windows.add(pane, bySeries));
            }
        });
        log.write(0, pane, closed);
        climb(pane, closed);
        Map<Long, Pane> expired = new TreeMap<>();
        for (FeedWindows windows : feeds.values()) {
            for (int i = 0; i < windows.windows(); i++) {
                int level = windows.level(i);
                long first = pane - windows.ticks(i) + 1;
                if (Math.floorMod(first, 1L << level) == 0) {
                    long index = (first >> level) - 1;
                    // Levels are below 64, so both numbers fit one key.
                    Pane gone = expired.computeIfAbsent(index * 64 + level, k -> log.read(level, index));
                    windows.expire(i, index, gone, pane);
                }
            }
        }
    }

    /** Completes the panes of the higher levels that end here, each out of two of the level below. */
    private void climb(long pane, Pane closed) {
        Pane upper = closed;
        for (int level = 1; level <= ladder && Math.floorMod(pane + 1, 1L << level) == 0; level++) {
            int wantedLevel = level;
            long index = pane >> level;
            Pane whole = new Pane();
            whole.merge(log.read(level - 1, index * 2), feed -> wants(feed, wantedLevel));
            whole.merge(upper, feed -> wants(feed, wantedLevel));
            log.write(level, index, whole);
            upper = whole;
        }
    }

    private boolean wants(PaneLog.FeedKey feed, int level) {
        FeedWindows windows = feeds.get(feed.id());
        return windows != null && windows.key.equals(feed) && windows.highestLevel() >= level;
    }

    private List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (SignalValues values : signals.values()) {
            for (LabelValues labels : values.signal.by().isEmpty() ? List.of(LabelValues.NONE) : values.labels()) {
                Reading reading = values.read(labels);
                samples.add(new Sample(
                        values.signal.name(),
                        labels.named(values.signal.by()),
                        reading.value(),
                        reading.n(),
                        values.signal.unit()));
            }
        }
        return samples;
    }

    /** The slowest and the last failed trace of each signal's window. */
    private List<Exemplar> exemplars(List<SignalValues> sources, List<String> by, LabelValues labels) {
        List<Exemplar> found = new ArrayList<>();
        for (SignalValues source : sources) {
            if (source.signal.baseline() || labels.size() != by.size()) {
                continue;
            }
            LabelValues own = labels.at(LabelValues.positions(source.signal.by(), by));
            Cell best = new Cell(Feed.Part.OCCURRENCES);
            FeedWindows windows = source.windows;
            int window = source.window();
            windows.forEachPane(window, log, source.pane(), pane -> {
                Cell cell = pane.cells(windows.key).get(own);
                if (cell != null) {
                    Exemplar slowest = cell.slowest();
                    Exemplar failed = cell.failed();
                    if (slowest != null) {
                        best.offer(slowest);
                    }
                    if (failed != null) {
                        best.offer(failed);
                    }
                }
            });
            Exemplar slowest = best.slowest();
            Exemplar failed = best.failed();
            if (slowest != null) {
                found.add(slowest);
            }
            if (failed != null && !failed.equals(slowest)) {
                found.add(failed);
            }
        }
        return found;
    }

    /** Ends the alerts of rules that {@code next} does not have as they are here; the others keep theirs. */
    void handOver(List<Rule> next, long pane, Decisions decisions) {
        long now = settings.endOf(pane);
        for (RuleDecider rule : rules) {
            boolean removed = next.stream().noneMatch(r -> r.name().equals(rule.rule.name()));
            boolean kept = next.stream().anyMatch(r -> r.fingerprint().equals(rule.rule.fingerprint()));
            if (!kept) {
                rule.end(removed ? "rule removed" : "rule changed", now, decisions);
                store.delete(ruleKey(rule.rule));
            }
        }
    }

    private void saveHeld() {
        List<SignalValues> holding =
                signals.values().stream().filter(SignalValues::holds).toList();
        if (!holding.isEmpty()) {
            store.put(Wire.key('h', id), Wire.write(out -> {
                out.writeUInt32NoTag(holding.size());
                for (SignalValues values : holding) {
                    out.writeStringNoTag(values.signal.name());
                    values.writeHeld(out);
                }
            }));
        }
    }

    private void saveDormant(long pane) {
        int dormant = 0;
        boolean any = false;
        for (FeedWindows windows : feeds.values()) {
            windows.retire(pane);
            dormant += windows.dormant().size();
            any |= windows.takeDormantChanged();
        }
        if (!any && dormant == savedDormant) {
            return;
        }
        int size = dormant;
        savedDormant = size;
        store.put(Wire.key('d', id), Wire.write(out -> {
            out.writeUInt32NoTag(size);
            for (FeedWindows windows : feeds.values()) {
                for (Map.Entry<LabelValues, Long> entry : new TreeMap<>(windows.dormant()).entrySet()) {
                    out.writeFixed64NoTag(windows.key.id());
                    out.writeSInt64NoTag(windows.key.origin());
                    entry.getKey().writeTo(out);
                    out.writeSInt64NoTag(entry.getValue());
                }
            }
        }));
    }

    private byte[] ruleKey(Rule rule) {
        return Wire.key('a', id, Fingerprint.bits(rule.name()));
    }
}
