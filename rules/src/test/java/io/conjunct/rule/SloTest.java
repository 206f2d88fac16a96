// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Tier;
import io.conjunct.check.Diagnostic;
import io.conjunct.check.RuleFile;
import io.conjunct.signal.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code slos} and {@code burn}: what they expand to, and what is refused. */
class SloTest {
    private static final String HEAD = """
            groups:
            - name: test
              owner: platform
              signals:
                faults: {measure: ratio(status = "error"), of: span, where: {service.name: api}, over: 10m, by: [region]}
                faults_hour: {measure: ratio(status = "error"), of: span, where: {service.name: api}, over: 1h, by: [region]}
                cold: {measure: ratio(cache.hit = false), of: span, where: {service.name: api}, over: 10m, by: [region]}
                p99: {measure: p99(duration), of: span, where: {service.name: api}, over: 10m, by: [region]}
              slos:
                reads_succeed: {SLO}
              rules: [RULE]
            """;
    private static final String ANNOTATIONS =
            "annotations: {summary: Reads fail, runbook_url: \"https://runbooks.example.com/reads\"}";

    private static Loaded load(String slo, String when) {
        String rule = when.isEmpty() ? "" : "{alert: Own, when: \"" + when + "\", tier: annotate}";
        return RuleFile.load(HEAD.replace("SLO", slo).replace("RULE", rule));
    }

    @Test
    void slo_becomesAPageAndATicket() {
        Loaded loaded = load("signal: faults, objective: 99.9%, " + ANNOTATIONS, "");
        assertThat(RuleFile.ids(loaded)).isEmpty();
        List<Rule> rules = loaded.ruleSet().orElseThrow().groups().get(0).rules();
        assertThat(rules).extracting(Rule::name).containsExactly("reads_succeed.fast_burn", "reads_succeed.slow_burn");
        assertThat(rules).extracting(Rule::tier).containsExactly(Tier.PAGE, Tier.TICKET);
        assertThat(rules.get(0).when().text())
                .isEqualTo("burn(faults, reads_succeed) over 1h > 14.4 AND burn(faults, reads_succeed) over 5m > 14.4"
                        + " OR burn(faults, reads_succeed) over 6h > 6 AND burn(faults, reads_succeed) over 30m > 6");
        assertThat(rules.get(1).when().text())
                .isEqualTo("burn(faults, reads_succeed) over 1d > 3 AND burn(faults, reads_succeed) over 2h > 3"
                        + " OR burn(faults, reads_succeed) over 3d > 1 AND burn(faults, reads_succeed) over 6h > 1");
        assertThat(rules.get(0).singleSignal()).isEqualTo("users are promised 99.9%");
        assertThat(rules.get(0).on()).containsExactly("region");
        assertThat(rules.get(0).labels()).containsEntry("slo", "reads_succeed");
        assertThat(rules.get(0).annotations()).containsEntry("summary", "Reads fail");
        assertThat(rules.get(0).when().comparisons().get(0).signals())
                .extracting(Signal::name)
                .containsExactly("faults(1h)");
    }

    @Test
    void alerts_chooseTheTiers() {
        assertThat(load("signal: faults, objective: 99.9%, alerts: [ticket], " + ANNOTATIONS, "")
                        .ruleSet()
                        .orElseThrow()
                        .groups()
                        .get(0)
                        .rules())
                .extracting(Rule::name)
                .containsExactly("reads_succeed.slow_burn");
    }

    @Test
    void page_needsItsTexts() {
        assertThat(RuleFile.ids(load("signal: faults, objective: 99.9%, alerts: [page]", "")))
                .containsExactly("rule/missing-runbook", "rule/missing-summary");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signal: faultz, objective: 99.9%      | slo/unknown-signal",
                "signal: p99, objective: 99.9%         | slo/not-a-ratio",
                "signal: faults, objective: 100%       | slo/objective",
                "signal: faults, objective: 99.9       | slo/objective",
                "signal: faults, objective: 3s         | slo/objective",
                "signal: faults                        | key/missing",
                "signal: faults, objective: 99.9%, alerts: [paje] | value/unknown",
                "signal: faults, objective: 99.9%, alerts: [], window: 7d | key/unknown",
            })
    void wrongSlo_isRefused(String slo, String id) {
        assertThat(RuleFile.ids(load(slo, ""))).contains(id);
    }

    /** S28: 14.4 cannot be reached at 93.05 %, 6 would be at 83.3 %. */
    @ParameterizedTest
    @CsvSource({"93.05%,page,false", "93.06%,page,true", "66.6%,ticket,false", "66.7%,ticket,true"})
    void objective_mustLeaveTheFactorsReachable(String objective, String tier, boolean reachable) {
        Loaded loaded =
                load("signal: faults, objective: " + objective + ", alerts: [" + tier + "], " + ANNOTATIONS, "");
        assertThat(RuleFile.ids(loaded)).isEqualTo(reachable ? List.of() : List.of("slo/unreachable"));
    }

    @Test
    void unreachable_saysWhatWouldBe() {
        Diagnostic found = RuleFile.found(load("signal: faults, objective: 90%, alerts: [page], " + ANNOTATIONS, ""))
                .get(0);
        assertThat(found.message())
                .isEqualTo("with an objective of 90% nothing can burn 14.4 times as fast as allowed,"
                        + " which is when the page fires");
        assertThat(found.fix()).isEqualTo("promise more than 93.06%, or leave `page` out of `alerts`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "burn(faults, reads_succeed) > 14.4 AND burn(faults_hour, reads_succeed) > 14.4 | ''",
                "burn(faults, reads_succeed) > 1000     | condition/never-true",
                "burn(faults, reads_succeed) > 14.4s    | unit/mismatch",
                "burn(cold, reads_succeed) > 2          | condition/burn-of-other",
                "burn(faults, writes_succeed) > 2       | condition/unknown-slo",
                "burn(fault, reads_succeed) > 2         | condition/unknown-signal",
                "burn(faults) > 2                       | condition/syntax",
                "burn(faults, 2) > 2                    | condition/syntax",
            })
    void burn_inAConditionOfOnesOwn(String when, String id) {
        assertThat(RuleFile.ids(load("signal: faults, objective: 99.9%, alerts: []", when)))
                .isEqualTo(id.isEmpty() ? List.of() : List.of(id));
    }

    @Test
    void brokenSlo_isReportedOnce() {
        assertThat(RuleFile.ids(load("signal: p99, objective: 99.9%", "burn(faults, reads_succeed) > 2")))
                .containsExactly("slo/not-a-ratio");
    }
}
