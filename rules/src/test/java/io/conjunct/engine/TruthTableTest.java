// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.GroupTick.RuleState;
import io.conjunct.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** S3: three legs in three values, 27 rows, decided by the engine: true, unknown, false. */
final class TruthTableTest {
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));

    /** A, B, C; then {@code A AND B AND C}, {@code A OR B OR C}, {@code 2 OF (A, B, C)}, {@code A AND NOT B OR C}. */
    private static final List<String> TABLE = List.of(
            "T T T   T T T T",
            "T T U   U T T U",
            "T T F   F T T F",
            "T U T   U T T T",
            "T U U   U T U U",
            "T U F   F T U U",
            "T F T   F T T T",
            "T F U   F T U T",
            "T F F   F T F T",
            "U T T   U T T T",
            "U T U   U T U U",
            "U T F   F T U F",
            "U U T   U T U T",
            "U U U   U U U U",
            "U U F   F U U U",
            "U F T   F T U T",
            "U F U   F U U U",
            "U F F   F U F U",
            "F T T   F T T T",
            "F T U   F T U U",
            "F T F   F T F F",
            "F U T   F T U T",
            "F U U   F U U U",
            "F U F   F U F F",
            "F F T   F T F T",
            "F F U   F U F U",
            "F F F   F F F F");

    private static RuleSet rules(String onMissing) {
        return RuleText.load("""
                groups:
                - name: g
                  owner: team
                  signals:
                    a: {measure: last(value), of: metric a, over: 10s%1$s}
                    b: {measure: last(value), of: metric b, over: 10s%1$s}
                    c: {measure: last(value), of: metric c, over: 10s%1$s}
                  rules:
                  - {alert: All, when: a > 5 AND b > 5 AND c > 5, tier: annotate}
                  - {alert: Any, when: a > 5 OR b > 5 OR c > 5, tier: annotate}
                  - {alert: Two, when: "2 OF (a > 5, b > 5, c > 5)", tier: annotate}
                  - {alert: Mixed, when: a > 5 AND NOT b > 5 OR c > 5, tier: annotate}
                """.formatted(onMissing));
    }

    /** Each row is a tick: 9 for true, 1 for false, nothing for unknown. */
    private static List<String> decided(RuleSet rules) {
        Recording recording = new Recording();
        for (int row = 0; row < TABLE.size(); row++) {
            String[] legs = TABLE.get(row).split(" +");
            for (int leg = 0; leg < 3; leg++) {
                if (!legs[leg].equals("U")) {
                    recording.metric(
                            ofSeconds(10L * row + 1),
                            "s",
                            "abc".substring(leg, leg + 1),
                            Map.of(),
                            legs[leg].equals("T") ? 9 : 1);
                }
            }
        }
        List<GroupTick> ticks = recording.until(ofMinutes(5)).play(TENS, rules).ticks;
        List<String> decided = new ArrayList<>();
        for (int row = 0; row < TABLE.size(); row++) {
            StringBuilder line = new StringBuilder(TABLE.get(row).substring(0, 5)).append("  ");
            for (RuleState state : ticks.get(row).rules()) {
                line.append(' ').append(state.when().name().charAt(0));
            }
            decided.add(line.toString());
        }
        return decided;
    }

    @Test
    void everyRow_isKleenes() {
        assertThat(TABLE).hasSize(27).doesNotHaveDuplicates();
        assertThat(decided(rules(""))).isEqualTo(TABLE);
    }

    @Test
    void onMissing_changesOnlyRowsWithAnUnknownLeg() {
        List<String> filled = decided(rules(", on_missing: 0"));
        for (int row = 0; row < TABLE.size(); row++) {
            boolean unknown = TABLE.get(row).substring(0, 5).contains("U");
            if (unknown) {
                // Zero is false: the row decides as the one with F in place of U.
                String as = TABLE.get(row).substring(0, 5).replace('U', 'F');
                String same =
                        TABLE.stream().filter(r -> r.startsWith(as)).findFirst().orElseThrow();
                assertThat(filled.get(row).substring(5)).as(TABLE.get(row)).isEqualTo(same.substring(5));
            } else {
                assertThat(filled.get(row)).isEqualTo(TABLE.get(row));
            }
        }
    }
}
