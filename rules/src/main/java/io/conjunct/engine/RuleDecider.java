// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.util.Objects.requireNonNull;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Episode;
import io.conjunct.alert.Episode.Change;
import io.conjunct.alert.Leg;
import io.conjunct.alert.Muted;
import io.conjunct.alert.Tier;
import io.conjunct.alert.Truth;
import io.conjunct.engine.GroupTick.AlertState;
import io.conjunct.engine.GroupTick.LegState;
import io.conjunct.engine.GroupTick.RuleState;
import io.conjunct.engine.LegDecider.Result;
import io.conjunct.event.Exemplar;
import io.conjunct.rule.Mute;
import io.conjunct.rule.Rule;
import io.conjunct.rule.Templates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Evaluates one rule: for each combination of its join keys one alert. */
final class RuleDecider {
    static final String EVIDENCE_LOST = "evidence lost";
    static final String RETIRED = "retired";

    final Rule rule;
    private final String group;
    private final String owner;
    private final String revision;
    private final String fingerprint;
    private final List<LegDecider> legs = new ArrayList<>();
    private final Circuit when;
    private final Circuit clear;
    /** The first legs are those of {@code when}; those of {@code until} follow. */
    private final int whenLegs;

    private final Map<LegDecider, Join> joins = new HashMap<>();
    private final Episode.Terms terms;
    private final LegEpisodes alone;
    private final TreeMap<LabelValues, Instance> instances = new TreeMap<>();
    private final EvidenceSource evidence;
    private final Mutes mutes;
    private boolean changed;

    /** One alert: its life, and what its condition remembers from tick to tick. */
    private static final class Instance {
        Episode episode = new Episode();
        long[] memory;
        /** Why nobody has been told that it fires. */
        @Nullable
        Muted firing;
        /** Why nobody has been told that its evidence is lost. */
        @Nullable
        Muted lost;

        Instance(long[] memory) {
            this.memory = memory;
        }
    }

    /** Where the labels that a leg and the join keys share stand in each of them; asked for at every tick. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    private record Join(int[] inLeg, int[] inKey) {
        static Join of(LegDecider leg, List<String> on) {
            List<String> shared = on.stream().filter(leg.by::contains).toList();
            return new Join(LabelValues.positions(shared, leg.by), LabelValues.positions(shared, on));
        }
    }

    /** Finds traces for the label sets that made a leg hold. */
    interface EvidenceSource {
        List<Exemplar> exemplars(List<SignalValues> signals, List<String> by, LabelValues labels);
    }

    RuleDecider(
            Rule rule,
            String group,
            String owner,
            String revision,
            Map<String, SignalValues> signals,
            EngineSettings settings,
            List<Mute> mutes,
            EvidenceSource evidence) {
        this.rule = rule;
        this.mutes = new Mutes(mutes, rule.name());
        this.group = group;
        this.owner = owner;
        this.revision = revision;
        this.fingerprint = rule.fingerprint();
        this.evidence = evidence;
        this.when = Circuit.of(rule.when(), legs, signals, rule.within(), settings.tickMillis());
        this.whenLegs = legs.size();
        this.clear = rule.until()
                .map(until -> Circuit.of(until, legs, signals, Duration.ZERO, settings.tickMillis()))
                .orElse(Circuit.NONE);
        legs.forEach(leg -> joins.put(leg, Join.of(leg, rule.on())));
        this.terms = new Episode.Terms(
                settings.tickMillis(),
                rule.holdFor().toMillis(),
                rule.tolerate(),
                rule.keepFiringFor().toMillis(),
                rule.staleAfter().toMillis());
        this.alone = new LegEpisodes(legs.subList(0, whenLegs), when.negated(), rule.on(), terms, when.withinTicks());
    }

    /** Evaluates all alerts of the rule at a tick, in the order of their keys. */
    List<RuleState> tick(long pane, long nowMillis, Decisions decisions) {
        Map<LegDecider, Map<LabelValues, List<Result>>> results = new HashMap<>();
        for (LegDecider leg : legs) {
            results.put(leg, resultsByKey(leg));
        }
        List<RuleState> states = new ArrayList<>();
        TreeSet<LabelValues> keys = keys(results);
        retire(keys, nowMillis, decisions);
        keys.addAll(instances.keySet());
        for (LabelValues key : keys) {
            states.add(tick(key, pane, nowMillis, results, decisions));
        }
        boolean had = !alone.isEmpty();
        if (alone.tick(results, pane, nowMillis)) {
            decisions.legs(alone.pages(rule, group));
        }
        changed |= had || !alone.isEmpty();
        return states;
    }

    /** Ends the alerts of join keys that have been forgotten: nothing will ever be known of them again. */
    private void retire(TreeSet<LabelValues> known, long nowMillis, Decisions decisions) {
        instances.entrySet().removeIf(entry -> {
            if (known.contains(entry.getKey())) {
                return false;
            }
            end(entry.getKey(), entry.getValue(), RETIRED, nowMillis, decisions);
            changed = true;
            return true;
        });
    }

    /** Every combination of join keys of which something is known. */
    private TreeSet<LabelValues> keys(Map<LegDecider, Map<LabelValues, List<Result>>> results) {
        TreeSet<LabelValues> keys = new TreeSet<>();
        if (rule.on().isEmpty()) {
            keys.add(LabelValues.NONE);
            return keys;
        }
        for (LegDecider leg : legs) {
            if (leg.by.containsAll(rule.on())) {
                keys.addAll(results.getOrDefault(leg, Map.of()).keySet());
            }
        }
        return keys;
    }

    /** A leg's results, grouped by the join keys that it has. */
    private Map<LabelValues, List<Result>> resultsByKey(LegDecider leg) {
        Map<LabelValues, List<Result>> byKey = new HashMap<>();
        if (leg.by.isEmpty()) {
            byKey.put(LabelValues.NONE, List.of(leg.decide(LabelValues.NONE)));
            return byKey;
        }
        int[] positions = join(leg).inLeg();
        for (LabelValues labels : leg.labels()) {
            byKey.computeIfAbsent(labels.at(positions), k -> new ArrayList<>(1)).add(leg.decide(labels));
        }
        return byKey;
    }

    private Join join(LegDecider leg) {
        return requireNonNull(joins.get(leg), "join");
    }

    private RuleState tick(
            LabelValues key,
            long pane,
            long nowMillis,
            Map<LegDecider, Map<LabelValues, List<Result>>> results,
            Decisions decisions) {
        Map<LegDecider, Result> ofKey = new HashMap<>();
        for (LegDecider leg : legs) {
            ofKey.put(leg, pick(leg, key, results.getOrDefault(leg, Map.of())));
        }
        Instance instance = instances.get(key);
        long[] memory = instance == null ? when.newMemory() : instance.memory;
        Truth whenTruth = when.decide(ofKey, memory, pane);
        Truth clearTruth = rule.until().isPresent() ? clear.decide(ofKey, clear.newMemory(), pane) : whenTruth.not();
        if (instance == null && (whenTruth == Truth.TRUE || when.remembers(memory, pane))) {
            instance = new Instance(memory);
            instances.put(key, instance);
        }
        if (instance != null) {
            changed = true;
            for (Change change : instance.episode.step(whenTruth, clearTruth, nowMillis, terms)) {
                decisions.alert(muted(change, instance, alert(change, instance.episode, key, nowMillis, ofKey)));
            }
            tellLate(instance, key, nowMillis, ofKey, decisions);
            if (instance.episode.isInactive() && !when.remembers(instance.memory, pane)) {
                instances.remove(key);
            }
        }
        return state(key, whenTruth, ofKey, instance, memory, pane, nowMillis);
    }

    /** Of all label sets of a leg that join this key, the truest decides. */
    private Result pick(LegDecider leg, LabelValues key, Map<LabelValues, List<Result>> byKey) {
        LabelValues shared = key.at(join(leg).inKey());
        List<Result> candidates = byKey.get(shared);
        if (candidates == null) {
            return leg.by.size() == shared.size()
                    ? leg.decide(shared)
                    : new Result(Truth.UNKNOWN, Double.NaN, Double.NaN, 0, LabelValues.NONE);
        }
        Result best = candidates.get(0);
        for (Result candidate : candidates) {
            if (candidate.truth().compareTo(best.truth()) > 0) {
                best = candidate;
            }
        }
        return best;
    }

    private RuleState state(
            LabelValues key,
            Truth truth,
            Map<LegDecider, Result> results,
            @Nullable Instance instance,
            long[] memory,
            long pane,
            long nowMillis) {
        List<LegState> legStates = new ArrayList<>(legs.size());
        for (LegDecider leg : legs) {
            Result result = results.get(leg);
            if (result != null) {
                long lastHeld = when.lastHeld(leg, memory);
                Leg shown = leg.leg(result);
                legStates.add(new LegState(
                        shown.text(),
                        shown.state(),
                        shown.value(),
                        shown.threshold(),
                        shown.unit(),
                        shown.n(),
                        shown.windowMillis(),
                        shown.labels(),
                        lastHeld == Long.MIN_VALUE ? 0 : nowMillis - (pane - lastHeld) * terms.tickMillis()));
            }
        }
        SortedMap<String, String> labels = key.named(rule.on());
        if (instance == null || instance.episode.isInactive()) {
            return new RuleState(rule.name(), labels, truth, legStates, AlertState.INACTIVE, 0, 0);
        }
        Episode episode = instance.episode;
        AlertState alertState = episode.isFiring() ? AlertState.FIRING : AlertState.PENDING;
        return new RuleState(
                rule.name(), labels, truth, legStates, alertState, episode.startMillis(), episode.heldMillis());
    }

    private Alert alert(
            Change change, Episode episode, LabelValues key, long nowMillis, Map<LegDecider, Result> results) {
        boolean lost = change == Change.EVIDENCE_LOST || change == Change.EVIDENCE_BACK;
        String name = lost ? rule.name() + ":EvidenceLost" : rule.name();
        SortedMap<String, String> labels = new TreeMap<>(rule.labels());
        labels.putAll(key.named(rule.on()));
        long start = lost ? episode.lostMillis() : episode.startMillis();
        State state = switch (change) {
            case PENDING -> State.PENDING;
            case CANCELLED -> State.CANCELLED;
            case FIRED, EVIDENCE_LOST -> State.FIRING;
            case RESOLVED, EVIDENCE_BACK -> State.RESOLVED;
        };
        boolean ended = state == State.RESOLVED || state == State.CANCELLED;
        List<Leg> shownLegs = new ArrayList<>();
        List<Exemplar> exemplars = new ArrayList<>();
        for (LegDecider leg : ended ? legs : legs.subList(0, whenLegs)) {
            Result result = results.get(leg);
            if (result == null) {
                continue;
            }
            shownLegs.add(leg.leg(result));
            if (change == Change.FIRED) {
                evidence.exemplars(leg.sources(), leg.by, result.labels()).stream()
                        .filter(e -> !exemplars.contains(e))
                        .forEach(exemplars::add);
            }
        }
        exemplars.sort((a, b) -> a.equals(b) ? 0 : a.slowerThan(b) ? -1 : 1);
        SortedMap<String, String> annotations = new TreeMap<>();
        rule.annotations().forEach((k, text) -> annotations.put(k, Templates.fill(text, labels)));
        Alert alert = new Alert(
                name,
                group,
                state,
                lost ? Tier.TICKET : rule.tier(),
                labels,
                nowMillis,
                start,
                ended ? OptionalLong.of(nowMillis) : OptionalLong.empty(),
                shownLegs,
                Alert.episode(name, labels, start),
                owner,
                annotations,
                lost ? EVIDENCE_LOST : rule.singleSignal(),
                rule.shadow(),
                revision,
                rule.fingerprint(),
                exemplars.subList(0, Math.min(4, exemplars.size())),
                Optional.empty(),
                false);
        return rule.demotable() && !lost ? alert.asDemotable() : alert;
    }

    /** Nobody is told of what begins while something mutes it, nor then of its end. What had been told is ended aloud. */
    private Alert muted(Change change, Instance instance, Alert alert) {
        Optional<Muted> now = mutes.at(alert.labels(), alert.atMillis());
        Muted began = now.orElse(null);
        switch (change) {
            case FIRED -> instance.firing = began;
            case EVIDENCE_LOST -> instance.lost = began;
            case RESOLVED -> {
                now = Optional.ofNullable(instance.firing);
                instance.firing = null;
            }
            case EVIDENCE_BACK -> {
                now = Optional.ofNullable(instance.lost);
                instance.lost = null;
            }
            case PENDING, CANCELLED -> {
                // Recorded with what mutes it; nobody is told of these anyhow.
            }
        }
        return alert.withMuted(now);
    }

    /** Late is better than never: what still fires when nothing mutes it any more is told now, with its own start. */
    private void tellLate(
            Instance instance, LabelValues key, long nowMillis, Map<LegDecider, Result> results, Decisions decisions) {
        if (instance.firing != null && instance.episode.isFiring()) {
            Alert late = alert(Change.FIRED, instance.episode, key, nowMillis, results);
            instance.firing = mutes.at(late.labels(), nowMillis).orElse(null);
            if (instance.firing == null) {
                decisions.alert(late);
            }
        }
        if (instance.lost != null && instance.episode.isEvidenceLost()) {
            Alert late = alert(Change.EVIDENCE_LOST, instance.episode, key, nowMillis, results);
            instance.lost = mutes.at(late.labels(), nowMillis).orElse(null);
            if (instance.lost == null) {
                decisions.alert(late);
            }
        }
    }

    /** Ends every alert of a rule that is no longer in force. */
    void end(String reason, long nowMillis, Decisions decisions) {
        instances.forEach((key, instance) -> end(key, instance, reason, nowMillis, decisions));
        instances.clear();
        changed = true;
    }

    private void end(LabelValues key, Instance instance, String reason, long nowMillis, Decisions decisions) {
        if (instance.episode.isInactive()) {
            return;
        }
        Change change = instance.episode.isFiring() ? Change.RESOLVED : Change.CANCELLED;
        if (instance.episode.isEvidenceLost()) {
            Alert back = alert(Change.EVIDENCE_BACK, instance.episode, key, nowMillis, Map.of());
            decisions.alert(muted(Change.EVIDENCE_BACK, instance, back));
        }
        Alert last = alert(change, instance.episode, key, nowMillis, Map.of());
        decisions.alert(muted(change, instance, last.withReason(reason)));
    }

    /** Whether anything must be saved since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    byte[] save() {
        return Wire.write(out -> {
            out.writeStringNoTag(fingerprint);
            out.writeUInt32NoTag(instances.size());
            for (Map.Entry<LabelValues, Instance> entry : instances.entrySet()) {
                entry.getKey().writeTo(out);
                entry.getValue().episode.writeTo(out);
                out.writeUInt32NoTag(entry.getValue().memory.length);
                for (long held : entry.getValue().memory) {
                    out.writeSInt64NoTag(held);
                }
                Mutes.write(entry.getValue().firing, out);
                Mutes.write(entry.getValue().lost, out);
            }
            alone.writeTo(out);
        });
    }

    /** Takes over saved state, unless it belongs to another version of the rule. */
    void restore(byte[] saved) {
        Wire.read(saved, in -> {
            if (!in.readString().equals(fingerprint)) {
                return rule;
            }
            int size = in.readUInt32();
            for (int i = 0; i < size; i++) {
                LabelValues key = LabelValues.readFrom(in);
                Episode episode = Episode.readFrom(in);
                Instance instance = new Instance(new long[in.readUInt32()]);
                instance.episode = episode;
                for (int j = 0; j < instance.memory.length; j++) {
                    instance.memory[j] = in.readSInt64();
                }
                instance.firing = Mutes.read(in);
                instance.lost = Mutes.read(in);
                instances.put(key, instance);
            }
            if (!in.isAtEnd()) {
                alone.readFrom(in);
            }
            return rule;
        });
    }
}
