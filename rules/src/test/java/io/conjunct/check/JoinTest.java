// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 8: signals that cannot meet are an error that names both sets; where they could meet in two ways, the file says how. */
class JoinTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "faults > 1% AND p99 > 1s                     | ",
                "lag > 3s AND region_p99 > 1s                 | region",
                "lag > 3s AND faults > 1%                     | region",
                "lag > 3s AND (region_p99 > 1s OR faults > 1%)| region",
                "pod_p99 > 1s                                 | pod,region",
            })
    void equalSets_joinOnThem(String when, String on) {
        var loaded = RuleFile.condition(when);
        assertThat(RuleFile.ids(loaded)).isEmpty();
        assertThat(String.join(",", RuleFile.ruleOf(loaded).on())).isEqualTo(on == null ? "" : on);
    }

    @Test
    void disjointSets_areRefusedAndNamed() {
        var found = RuleFile.found(RuleFile.condition("region_p99 > 1s AND cluster_lag > 3s"));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).id()).isEqualTo("rule/join");
        assertThat(found.get(0).message())
                .isEqualTo("region_p99 by [region] and cluster_lag by [cluster] have no label to meet on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on: [region]", "on: [region, cluster]", "on: []"})
    void disjointSets_areNotHelpedByOn(String on) {
        assertThat(RuleFile.ids(RuleFile.condition("region_p99 > 1s AND cluster_lag > 3s", on)))
                .containsExactly("rule/join");
    }

    @Test
    void disjointSetsInOneComparison_areRefused() {
        assertThat(RuleFile.ids(RuleFile.condition("lag > 2 * cluster_lag"))).containsExactly("rule/join");
    }

    @Test
    void differentSets_needOn() {
        var found = RuleFile.found(RuleFile.condition("pod_p99 > 1s AND lag > 3s"));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).message())
                .isEqualTo("pod_p99 by [pod, region] and lag by [region] are split differently");
        assertThat(found.get(0).fix()).isEqualTo("say what they meet on: `on: [region]`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on: [region]", "on: [region, pod]", "on: []"})
    void differentSets_joinOnWhatIsWritten(String on) {
        var loaded = RuleFile.condition("pod_p99 > 1s AND lag > 3s", on);
        assertThat(RuleFile.ids(loaded)).isEmpty();
        assertThat("on: "
                        + RuleFile.ruleOf(loaded).on().stream()
                                .sorted(Comparator.reverseOrder())
                                .toList())
                .isEqualTo(on);
    }

    @Test
    void keyThatNoSignalHas_isRefused() {
        var found = RuleFile.found(RuleFile.condition("pod_p99 > 1s AND lag > 3s", "on: [regoin]"));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).fix()).isEqualTo("did you mean `region`?");
        assertThat(RuleFile.ids(RuleFile.condition("faults > 1%", "on: [region]")))
                .containsExactly("rule/join");
    }

    @Test
    void splitSignalWithoutAnyOfTheKeys_isRefused() {
        var found = RuleFile.found(RuleFile.condition("pod_p99 > 1s AND zone_p99 > 1s AND lag > 1s", "on: [pod]"));
        assertThat(found).extracting(Diagnostic::id).containsOnly("rule/join");
        assertThat(found.get(0).message()).contains("has none of the join keys [pod]");
    }

    @Test
    void resolveCondition_joinsToo() {
        assertThat(RuleFile.ids(RuleFile.condition("lag > 3s", "until: cluster_lag < 1s")))
                .containsExactly("rule/join");
    }
}
