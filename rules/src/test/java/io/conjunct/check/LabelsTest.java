// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 9: alerts are identified by rule name and join labels; what is filled in belongs into annotations. */
class LabelsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ value }}",
                "{{ $value }}",
                "now $value",
                "{{value}} s",
                "{{ region }}",
                "{{ $labels.region }}"
            })
    void templateInLabel_isRefused(String text) {
        assertThat(RuleFile.ids(RuleFile.condition("lag > 3s", "labels: {team: '" + text + "'}")))
                .containsExactly("rule/value-in-label");
    }

    @Test
    void labelNamedLikeAJoinKey_isRefused() {
        assertThat(RuleFile.ids(RuleFile.condition("lag > 3s", "labels: {region: eu}")))
                .containsExactly("rule/label-hides-key");
    }

    @Test
    void fixedLabels_areKept() {
        var loaded = RuleFile.condition("lag > 3s", "labels: {team: db, on_call: true, version: 2}");
        assertThat(RuleFile.ids(loaded)).isEmpty();
        assertThat(RuleFile.ruleOf(loaded).labels())
                .containsEntry("on_call", "true")
                .containsEntry("version", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ region }} lags", "{{region}}", "{{ team }}", "no holes { at } all"})
    void annotation_mayNameLabels(String text) {
        assertThat(RuleFile.ids(
                        RuleFile.condition("lag > 3s", "labels: {team: db}", "annotations: {summary: '" + text + "'}")))
                .isEmpty();
    }

    @Test
    void annotation_mayNotNameOtherLabels() {
        var found = RuleFile.found(RuleFile.condition("lag > 3s", "annotations: {summary: 'in {{ regoin }}'}"));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).id()).isEqualTo("template/unknown-label");
        assertThat(found.get(0).fix()).isEqualTo("did you mean `region`?");
        assertThat(found.get(0).length()).isEqualTo("{{ regoin }}".length());
    }
}
