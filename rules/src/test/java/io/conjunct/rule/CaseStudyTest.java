// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Tier;
import io.conjunct.event.Kind;
import io.conjunct.signal.Comparator;
import io.conjunct.signal.Matcher;
import io.conjunct.signal.Measure;
import io.conjunct.signal.Outcome;
import io.conjunct.signal.Selector;
import io.conjunct.signal.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The five alerts of the case study, as the language's own description writes them. */
class CaseStudyTest {
    private static RuleSet rules;

    @BeforeAll
    static void load() throws IOException {
        String text = new String(
                CaseStudyTest.class.getResourceAsStream("/read-api.yaml").readAllBytes(), StandardCharsets.UTF_8);
        Loaded loaded = RuleLoader.load(List.of(new RuleSource("read-api.yaml", text)), "r1");
        assertThat(loaded.diagnostics()).isEmpty();
        rules = loaded.ruleSet().orElseThrow();
    }

    @Test
    void file_holdsTwoGroupsAndFiveRules() {
        assertThat(rules.revision()).isEqualTo("r1");
        assertThat(rules.groups()).extracting(RuleGroup::name).containsExactly("read-api", "daily-job");
        assertThat(rules.groups()).extracting(RuleGroup::owner).containsExactly("docs-platform", "link-validation");
        assertThat(rules.groups().stream().flatMap(g -> g.rules().stream()))
                .extracting(Rule::name)
                .containsExactly(
                        "ReadApiFaults",
                        "ReadApiCachePathSlow",
                        "ReadApiOriginPathSlow",
                        "DailyJobFailed",
                        "DocDbReplicationHurtsRuns");
    }

    @Test
    void example_isTheSameFile() throws IOException {
        String example = Files.readString(Path.of("examples/read-api.yaml"));
        assertThat(RuleLoader.load(List.of(new RuleSource("read-api.yaml", example)), "r1")
                        .ruleSet())
                .contains(rules);
    }

    @Test
    void ratio_hasItsPredicateAndSamples() {
        assertThat(signal(0, "fault_ratio"))
                .isEqualTo(new Signal(
                        "fault_ratio",
                        Measure.ratio(new Outcome.Attribute("status = \"error\"", Matcher.is("status", "error"))),
                        new Selector(
                                Kind.SPAN,
                                "",
                                List.of(Matcher.is("service.name", "read-api"), Matcher.is("span.kind", "server"))),
                        Duration.ofMinutes(10),
                        List.of(),
                        Signal.RATIO,
                        1,
                        500,
                        new Signal.OnMissing.Unknown(),
                        false));
    }

    @Test
    void percentile_readsNanosecondsAsSeconds_booleanIsText() {
        assertThat(signal(0, "hit_p99"))
                .isEqualTo(new Signal(
                        "hit_p99",
                        Measure.quantile(0.99, "duration"),
                        new Selector(
                                Kind.SPAN,
                                "",
                                List.of(Matcher.is("service.name", "read-api"), Matcher.is("cache.hit", "true"))),
                        Duration.ofHours(1),
                        List.of(),
                        Signal.SECONDS,
                        1e-9,
                        300,
                        new Signal.OnMissing.Unknown(),
                        false));
        assertThat(signal(0, "hit_ratio").minSamples()).isEqualTo(50);
    }

    @Test
    void countAndMetric_haveTheirUnits() {
        Signal failures = signal(1, "run_failures");
        assertThat(failures.unit()).isEqualTo(Signal.COUNT);
        assertThat(failures.of()).isEqualTo(new Selector(Kind.EVENT, "run.failed", List.of()));
        assertThat(failures.onMissing()).isEqualTo(new Signal.OnMissing.Value(0));
        Signal lag = signal(1, "replication_lag");
        assertThat(lag.measure()).isEqualTo(Measure.of(Measure.Type.MAX, "value"));
        assertThat(lag.unit()).isEqualTo(Signal.SECONDS);
        assertThat(lag.scale()).isEqualTo(1);
        assertThat(lag.by()).containsExactly("cloud.region");
    }

    @Test
    void faultsRule_pagesOnOneSignalWithAReason() {
        Rule rule = rules.groups().get(0).rules().get(0);
        assertThat(rule.when())
                .isEqualTo(new Condition.Comparison(
                        "fault_ratio > 0.1%",
                        new Expression.Reference(signal(0, "fault_ratio")),
                        Comparator.GREATER,
                        new Expression.Number(0.001, Signal.RATIO)));
        assertThat(rule.tier()).isEqualTo(Tier.PAGE);
        assertThat(rule.singleSignal()).isEqualTo("readers see these errors");
        assertThat(rule.annotations())
                .isEqualTo(Map.of(
                        "summary", "Readers get errors from the read API",
                        "runbook_url", "https://runbooks.example.com/read-api-faults"));
        assertThat(rule.staleAfter()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void cachePathRule_hasItsOwnResolveCondition() {
        Rule rule = rules.groups().get(0).rules().get(1);
        assertThat(rule.when()).isInstanceOf(Condition.And.class);
        assertThat(rule.when().comparisons())
                .extracting(Condition.Comparison::text)
                .containsExactly("hit_p99 > 1000ms", "hit_ratio > 80%");
        assertThat(rule.when().comparisons().get(0).right()).isEqualTo(new Expression.Number(1, "s"));
        assertThat(rule.until().orElseThrow().comparisons())
                .extracting(Condition.Comparison::text)
                .containsExactly("hit_p99 < 800ms");
        assertThat(rule.on()).isEmpty();
    }

    @Test
    void replicationRule_joinsOnItsRegionAndReadsABaseline() {
        Rule rule = rules.groups().get(1).rules().get(1);
        assertThat(rule.on()).containsExactly("cloud.region");
        assertThat(rule.within()).isEqualTo(Duration.ofMinutes(5));
        assertThat(rule.holdFor()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.when().comparisons())
                .extracting(Condition.Comparison::text)
                .containsExactly("replication_lag > 3s", "run_p95 > 1.3 * baseline(run_p95, 7d)", "run_failures >= 1");
        Signal baseline = rule.when().comparisons().get(1).right().signals().get(0);
        Signal own = signal(1, "run_p95");
        assertThat(baseline)
                .isEqualTo(new Signal(
                        "baseline(run_p95, 7d)",
                        own.measure(),
                        own.of(),
                        Duration.ofDays(7),
                        own.by(),
                        own.unit(),
                        own.scale(),
                        own.minSamples(),
                        new Signal.OnMissing.Unknown(),
                        true));
        assertThat(rules.groups().get(1).allSignals()).containsKey("baseline(run_p95, 7d)");
    }

    private static Signal signal(int group, String name) {
        Optional<Signal> found = rules.groups().get(group).signals().stream()
                .filter(s -> s.name().equals(name))
                .findFirst();
        return found.orElseThrow();
    }
}
