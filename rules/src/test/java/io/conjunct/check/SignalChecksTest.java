// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that can be read and are probably not meant. */
class SignalChecksTest {

    @Test
    void signalThatNoRuleReads_isAWarning() {
        var loaded = RuleFile.condition("faults > 1%");
        assertThat(loaded.diagnostics()).extracting(Diagnostic::id).containsOnly("signal/unused");
        assertThat(loaded.diagnostics()).extracting(Diagnostic::message).noneMatch(m -> m.contains("`faults`"));
        assertThat(loaded.ruleSet()).isPresent();
    }

    @Test
    void signalReadByARefusedRule_isNotUnused() {
        var loaded = RuleFile.condition("faults > 1% AND nonsense > 3");
        assertThat(loaded.diagnostics()).extracting(Diagnostic::message).noneMatch(m -> m.contains("reads `faults`"));
    }

    @Test
    void signalReadByABaseline_isNotUnused() {
        var loaded = RuleFile.condition("1s < baseline(p99, 7d)");
        assertThat(loaded.diagnostics()).extracting(Diagnostic::message).noneMatch(m -> m.contains("reads `p99`"));
    }

    @Test
    void percentileOfTooFew_isAWarning() {
        assertThat(RuleFile.ids(RuleFile.signal("measure: p99(duration), of: span, over: 10m, min_samples: 299")))
                .containsExactly("signal/min-samples-too-low");
        assertThat(RuleFile.ids(RuleFile.signal("measure: p99(duration), of: span, over: 10m, min_samples: 300")))
                .isEmpty();
        assertThat(RuleFile.ids(RuleFile.signal("measure: avg(duration), of: span, over: 10m, min_samples: 1")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"url.full", "user.id", "trace_id", "session.id", "db.query.text"})
    void splitWithoutEnd_isAWarning(String label) {
        var loaded = RuleFile.signal("measure: count, of: span, over: 10m, by: [region, " + label + "]");
        assertThat(RuleFile.ids(loaded)).containsExactly("signal/high-cardinality-by");
        assertThat(loaded.ruleSet()).isPresent();
    }
}
