// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import io.conjunct.alert.Tier;
import io.conjunct.event.Kind;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A rule with everything in it that could depend on order, and seeded traffic that makes it fire. */
public final class SlowReads {
    private SlowReads() {}

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

    /** p99, a long p50, a maximum and a ratio, split by region, with within, for and keep_firing_for. */
    public static RuleSet rules() {
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
                0,
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

    /** Log-normal reads in three regions; every other minute is slow, every other two minutes warm. */
    public static Recording recording(long seed, int events, Duration length) {
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
}
