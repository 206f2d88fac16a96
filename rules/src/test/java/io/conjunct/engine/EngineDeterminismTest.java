// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Tier;
import io.conjunct.engine.Recording.Outcome;
import io.conjunct.engine.Recording.Sent;
import io.conjunct.event.Kind;
import io.conjunct.event.MalformedBatchException;
import io.conjunct.rule.Condition;
import io.conjunct.rule.Condition.And;
import io.conjunct.rule.Condition.Comparison;
import io.conjunct.rule.Expression;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.rule.RuleSet;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Outcome.Attribute;
import io.conjunct.signal.Selector;
import io.conjunct.signal.Signal;
import io.conjunct.signal.Signal.OnMissing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Law 10: same events in, same decisions out, whatever the batching, partitions, interleaving and restarts. */
final class EngineDeterminismTest {
    private static final EngineSettings SETTINGS = EngineSettings.of(Duration.ofSeconds(2));

    private static Signal signal(String name, Measure measure, Duration over, long minSamples) {
        return new Signal(
                name,
                measure,
                new Selector(Kind.SPAN, "", List.of(Matcher.is("service.name", "read-api"))),
                over,
                List.of("cloud.region"),
                measure.type() == Measure.Type.RATIO ? Signal.RATIO : Signal.SECONDS,
                measure.type() == Measure.Type.RATIO ? 1 : 1e-9,
                minSamples,
                new OnMissing.Unknown(),
                false);
    }

    static RuleSet rules() {
        Signal p99 = signal("p99", Measure.quantile(0.99, "duration"), Duration.ofSeconds(20), 20);
        Signal p50 = signal("p50", Measure.quantile(0.5, "duration"), Duration.ofMinutes(20), 20);
        Signal max = signal("max", Measure.of(Measure.Type.MAX, "duration"), Duration.ofSeconds(30), 1);
        Signal hits = signal(
                "hits",
                Measure.ratio(new Attribute("cache.hit = true", Matcher.is("cache.hit", "true"))),
                Duration.ofSeconds(20),
                20);
        Condition slow = new Comparison(
                "p99 > 200ms",
                new Expression.Reference(p99),
                Comparator.GREATER,
                new Expression.Number(0.2, Signal.SECONDS));
        Condition warm = new Comparison(
                "hits > 60%",
                new Expression.Reference(hits), Comparator.GREATER, new Expression.Number(0.6, Signal.RATIO));
        Condition worse = new Comparison(
                "max > 3 * p50",
                new Expression.Reference(max),
                Comparator.GREATER,
                new Expression.Arithmetic(
                        new Expression.Number(3, Signal.RATIO),
                        Expression.Operator.TIMES,
                        new Expression.Reference(p50)));
        Rule rule = new Rule(
                "CachePathSlow",
                new And(List.of(slow, warm, worse)),
                Optional.empty(),
                List.of("cloud.region"),
                Duration.ofSeconds(6),
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                Rule.DEFAULT_STALE_AFTER,
                Tier.PAGE,
                "",
                new TreeMap<>(),
                new TreeMap<>(Map.of("summary", "slow in {{ cloud.region }}")),
                false);
        return new RuleSet(
                "r1", List.of(new RuleGroup("read-api", "docs", List.of(p99, p50, max, hits), List.of(rule))));
    }

    static Recording recording(long seed, int events, Duration length) {
        Random random = new Random(seed);
        Recording recording = new Recording();
        for (int i = 0; i < events; i++) {
            long at = random.nextLong(length.toMillis());
            boolean slow = (at / 60_000) % 2 == 1;
            boolean warm = (at / 120_000) % 2 == 0;
            double millis = Math.exp(random.nextGaussian() * 0.5) * (slow ? 180 : 30);
            recording.span(
                    Duration.ofMillis(at),
                    "read-api",
                    "GET /doc",
                    Map.of(
                            "cloud.region",
                            "eu-" + random.nextInt(3),
                            "cache.hit",
                            String.valueOf(random.nextDouble() < (warm ? 0.9 : 0.3)),
                            "status",
                            random.nextInt(50) == 0 ? "error" : "unset"),
                    Duration.ofNanos((long) (millis * 1e6)));
        }
        return recording;
    }

    @Test
    void transitions_anyPartitionsBatchingAndDisorder_areIdentical() {
        Recording recording = recording(7, 30_000, Duration.ofMinutes(10));
        List<String> expected = recording.play(SETTINGS, rules()).log();
        assertThat(expected).hasSizeGreaterThan(10);
        for (int partitions : new int[] {1, 3, 8}) {
            for (int seed = 0; seed < 3; seed++) {
                Duration batching = Duration.ofMillis(new long[] {100, 700, 2_500}[seed]);
                // The batching delay adds to the disorder; together they stay below the promise.
                List<String> actual = recording
                        .play(SETTINGS, rules(), partitions, new Random(seed), Duration.ofMillis(2_400), batching)
                        .log();
                assertThat(actual)
                        .as("%d partitions, seed %d", partitions, seed)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void transitions_restartedAtRandomPoints_areIdentical() throws IOException {
        Recording recording = recording(11, 20_000, Duration.ofMinutes(8));
        List<String> expected = recording.play(SETTINGS, rules()).log();
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            List<Sent> sent = recording.sent(SETTINGS, 3, random, Duration.ofSeconds(2), Duration.ofMillis(500));
            assertThat(withRestarts(sent, random, 3)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    /** Rebuilds both steps from their stores again and again, as a crash after a commit does. */
    private static List<String> withRestarts(List<Sent> sent, Random random, int partitions) throws IOException {
        Outcome outcome = new Outcome();
        RuleUpdate.Compiler compiler = update -> rules();
        List<HeapStore> stores = new ArrayList<>();
        for (int i = 0; i <= partitions; i++) {
            stores.add(new HeapStore());
        }
        List<Measurer> measurers = new ArrayList<>();
        Decider[] decider = new Decider[1];
        Runnable restart = () -> {
            measurers.clear();
            for (int i = 0; i < partitions; i++) {
                measurers.add(new Measurer(SETTINGS, compiler, i, 1, stores.get(i), new MeasureCounts()));
            }
            decider[0] = new Decider(SETTINGS, compiler, 0, 1, partitions, stores.get(partitions), new DecideCounts());
        };
        restart.run();
        long[] offsets = new long[partitions];
        Measurer.Output pass = (target, partial) -> decider[0].onPartial(partial, outcome);
        for (int i = 0; i < partitions; i++) {
            measurers.get(i).onRules(offsets[i]++, new RuleUpdate("r1", Recording.START, List.of()).encode(), pass);
        }
        for (Sent batch : sent) {
            if (random.nextInt(40) == 0) {
                restart.run();
            }
            measurers
                    .get(batch.partition())
                    .onBatch(offsets[batch.partition()]++, batch.batch().encode(), pass);
        }
        return outcome.log();
    }

    @Test
    void store_afterALongRun_isBounded() throws MalformedBatchException {
        HeapStore store = new HeapStore();
        Decider decider = new Decider(SETTINGS, update -> rules(), 0, 1, 1, store, new DecideCounts());
        Measurer measurer = new Measurer(SETTINGS, update -> rules(), 0, 1, new HeapStore(), new MeasureCounts());
        Measurer.Output pass = (target, partial) -> decider.onPartial(partial, new Outcome());
        long offset = 0;
        try {
            measurer.onRules(offset++, new RuleUpdate("r1", Recording.START, List.of()).encode(), pass);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Recording recording = recording(3, 60_000, Duration.ofMinutes(40));
        for (Sent batch : recording.sent(SETTINGS, 1, new Random(1), Duration.ZERO, Duration.ofSeconds(1))) {
            measurer.onBatch(offset++, batch.batch().encode(), pass);
        }
        // Two ladder levels of 512 slots, and a handful of entries beside them.
        assertThat(store.size()).isLessThan(2 * PaneLog.RING + 40);
    }
}
