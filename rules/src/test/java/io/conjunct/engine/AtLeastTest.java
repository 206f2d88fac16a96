// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Truth;
import io.conjunct.rule.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code 2 OF (A, B, C)} through the whole engine. */
final class AtLeastTest {
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));
    private static final List<String> LEVELS = List.of("a", "b", "c");
    private static final String SIGNALS = """
            a: {measure: max(value), of: metric a, over: 10s}
            b: {measure: max(value), of: metric b, over: 10s}
            c: {measure: max(value), of: metric c, over: 10s}
            """;

    /** One tick for each of the 27 rows: a leg is true at 9, false at 1, unknown without a sample. */
    private static Recording truthTable() {
        Recording recording = new Recording();
        for (int row = 0; row < 27; row++) {
            int rest = row;
            for (String level : LEVELS) {
                Truth truth = Truth.values()[rest % 3];
                rest /= 3;
                if (truth != Truth.UNKNOWN) {
                    recording.metric(ofSeconds(row * 10L + 1), "s", level, Map.of(), truth == Truth.TRUE ? 9 : 1);
                }
            }
        }
        return recording.until(ofSeconds(270));
    }

    private static List<Truth> decided(String when) {
        return truthTable().play(TENS, RuleText.rule(SIGNALS, "when: " + when)).ticks.stream()
                .limit(27)
                .map(tick -> tick.rules().get(0).when())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void allRows_areDecidedByCounting(int needed) {
        List<Truth> actual = decided(needed + " OF (a > 5, b > 5, c > 5)");
        for (int row = 0; row < 27; row++) {
            int holding = 0;
            int possible = 0;
            for (int rest = row, i = 0; i < 3; rest /= 3, i++) {
                holding += Truth.values()[rest % 3] == Truth.TRUE ? 1 : 0;
                possible += Truth.values()[rest % 3] == Truth.FALSE ? 0 : 1;
            }
            Truth expected = holding >= needed ? Truth.TRUE : possible >= needed ? Truth.UNKNOWN : Truth.FALSE;
            assertThat(actual.get(row)).as("row %d", row).isEqualTo(expected);
        }
    }

    @Test
    void twoOfThree_isItsDisjunctiveForm() {
        assertThat(decided("2 OF (a > 5, b > 5, c > 5)"))
                .isEqualTo(decided("a > 5 AND b > 5 OR a > 5 AND c > 5 OR b > 5 AND c > 5"));
    }

    @Test
    void notTwoOfThree_isTwoOfTheOpposites() {
        assertThat(decided("NOT 2 OF (a > 5, b > 5, c > 5)"))
                .isEqualTo(decided("2 OF (NOT a > 5, NOT b > 5, NOT c > 5)"))
                .isEqualTo(decided("2 OF (a > 5, b > 5, c > 5)").stream()
                        .map(Truth::not)
                        .toList());
    }

    @Test
    void terms_canBeConditions() {
        assertThat(decided("2 OF (a > 5 AND b > 5, NOT c > 5, a > 5 OR c > 5)"))
                .isEqualTo(decided("a > 5 AND b > 5 AND NOT c > 5 OR a > 5 AND b > 5 AND (a > 5 OR c > 5)"
                        + " OR NOT c > 5 AND (a > 5 OR c > 5)"));
    }

    @Test
    void within_countsWhatHeldLately() {
        RuleSet rules = RuleText.rule(SIGNALS, "when: 2 OF (a > 5, b > 5, c > 5)\nwithin: 1m");
        Recording recording = new Recording()
                .metric(ofSeconds(1), "s", "a", Map.of(), 9)
                .metric(ofSeconds(51), "s", "c", Map.of(), 9)
                .metric(ofSeconds(131), "s", "b", Map.of(), 9)
                .until(ofMinutes(5));
        // c comes 50 seconds after a; b comes 80 seconds after c, which is too late.
        List<Truth> truths = recording.play(TENS, rules).ticks.stream()
                .map(tick -> tick.rules().get(0).when())
                .toList();
        assertThat(truths.indexOf(Truth.TRUE)).isEqualTo(5);
        assertThat(truths.lastIndexOf(Truth.TRUE)).isEqualTo(5);
    }

    @Test
    void restartsAndDisorder_changeNothing() {
        RuleSet rules = RuleText.rule(SIGNALS, "when: 2 OF (a > 5, b > 5, c > 5)\nwithin: 30s\nfor: 20s");
        Random random = new Random(5);
        Recording recording = new Recording().until(ofMinutes(65));
        for (int i = 0; i < 1_000; i++) {
            recording.metric(
                    ofSeconds(random.nextInt(3_600)),
                    "s",
                    LEVELS.get(random.nextInt(3)),
                    Map.of(),
                    random.nextInt(4) == 0 ? 9 : 1);
        }
        Restarts.assertNoDifference(TENS, rules, recording);
    }
}
