// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.Recording.Outcome;
import io.conjunct.engine.Recording.Sent;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Both steps of the engine, rebuilt from their stores at random points as a crash after a commit does. The rules may
 * change on the way.
 */
final class Restarts {
    private static final int PARTITIONS = 3;

    private final EngineSettings settings;
    private final RuleUpdate.Compiler compiler;
    private final List<HeapStore> stores = new ArrayList<>();
    private final List<Measurer> measurers = new ArrayList<>();
    private final long[] offsets = new long[PARTITIONS];
    private final Outcome outcome = new Outcome();
    private Decider decider;

    private Restarts(EngineSettings settings, RuleUpdate.Compiler compiler) {
        this.settings = settings;
        this.compiler = compiler;
        for (int i = 0; i <= PARTITIONS; i++) {
            stores.add(new HeapStore());
        }
        this.decider = restart();
    }

    /** Asserts that disorder, partitions and restarts give what one undisturbed run gives, and that this is something. */
    static void assertNoDifference(EngineSettings settings, RuleSet rules, Recording recording) {
        List<String> expected = recording.play(settings, rules).log();
        assertThat(expected).hasSizeGreaterThan(4);
        for (int seed = 0; seed < 3; seed++) {
            Map<Long, RuleSet> changes = new TreeMap<>(Map.of(Recording.START, rules));
            assertThat(play(settings, changes, recording, seed, true).log())
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    /**
     * Plays a recording while the rules change.
     *
     * @param changes rules by the event time from which they hold, the first at {@link Recording#START}
     * @param seed of disorder and restarts
     */
    static Outcome play(
            EngineSettings settings, Map<Long, RuleSet> changes, Recording recording, int seed, boolean restarts) {
        Random random = new Random(seed);
        Restarts engine = new Restarts(settings, update -> rulesAt(changes, update.effectiveMillis()));
        TreeMap<Long, RuleSet> pending = new TreeMap<>(changes);
        for (Sent batch : recording.sent(settings, PARTITIONS, random, Duration.ofSeconds(2), Duration.ofMillis(500))) {
            // A change is published well before it takes effect.
            while (!pending.isEmpty() && pending.firstKey() - 60_000 <= batch.at()) {
                Map.Entry<Long, RuleSet> next = pending.pollFirstEntry();
                String revision = next.getValue().revision();
                // An update with the files of the one before is none: the name makes them differ.
                engine.rules(new RuleUpdate(revision, next.getKey(), List.of(new RuleSource(revision, ""))));
            }
            if (restarts && random.nextInt(40) == 0) {
                engine.decider = engine.restart();
            }
            engine.batch(batch);
        }
        return engine.outcome;
    }

    private static RuleSet rulesAt(Map<Long, RuleSet> changes, long millis) {
        RuleSet rules = changes.get(millis);
        if (rules == null) {
            throw new AssertionError("no rules at " + millis);
        }
        return rules;
    }

    private Decider restart() {
        measurers.clear();
        for (int i = 0; i < PARTITIONS; i++) {
            measurers.add(new Measurer(settings, compiler, i, 1, stores.get(i), new MeasureCounts()));
        }
        return new Decider(settings, compiler, 0, 1, PARTITIONS, stores.get(PARTITIONS), new DecideCounts());
    }

    private void rules(RuleUpdate update) {
        try {
            for (int i = 0; i < PARTITIONS; i++) {
                measurers.get(i).onRules(offsets[i]++, update.encode(), this::pass);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void batch(Sent sent) {
        try {
            int partition = sent.partition();
            measurers.get(partition).onBatch(offsets[partition]++, sent.batch().encode(), this::pass);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pass(int target, byte[] partial) {
        decider.onPartial(partial, outcome);
    }
}
