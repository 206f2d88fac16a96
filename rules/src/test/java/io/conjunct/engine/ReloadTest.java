// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.engine.Recording.Outcome;
import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Law 12: what a change of rules keeps, resets and ends, with and without restarts around it. */
final class ReloadTest {
    private static final EngineSettings TENS = EngineSettings.of(ofSeconds(10));

    private static final String SIGNALS = """
            groups:
            - name: g
              owner: team
              signals:
                level: {measure: max(value), of: metric level, over: 10s}
                other: {measure: max(value), of: metric other, over: 10s, on_missing: hold 1h}
            """;
    private static final String KEPT =
            "  - {alert: Kept, when: level > 5, for: 5m, tier: ticket, annotations: {summary: one}}\n";
    private static final String OTHER = "  - {alert: Other, when: other > 5, for: 1m, tier: ticket}\n";

    private static RuleSet rules(String revision, String... rules) {
        return load(revision, SIGNALS + "  rules:\n" + String.join("", rules));
    }

    private static RuleSet load(String revision, String text) {
        Loaded loaded = RuleLoader.load(List.of(new RuleSource("test.yaml", text)), revision);
        assertThat(loaded.ruleSet()).as("%s", loaded.diagnostics()).isPresent();
        return loaded.ruleSet().orElseThrow();
    }

    /** Both levels are high for half an hour, then low. */
    private static Recording high() {
        Recording recording = new Recording().until(ofMinutes(45));
        for (int i = 0; i < 240; i++) {
            for (String level : List.of("level", "other")) {
                recording.metric(ofSeconds(i * 10L + 1), "s", level, Map.of(), i < 180 ? 9 : 1);
            }
        }
        return recording;
    }

    private static List<String> story(RuleSet before, Duration at, RuleSet after) {
        return change(high(), before, at, after).story();
    }

    /** The same with and without restarts, or the test fails. */
    private static Outcome change(Recording recording, RuleSet before, Duration at, RuleSet after) {
        Map<Long, RuleSet> changes = new TreeMap<>();
        changes.put(Recording.START, before);
        changes.put(Recording.START + at.toMillis(), after);
        Outcome calm = Restarts.play(TENS, changes, recording, 1, false);
        for (int seed = 0; seed < 3; seed++) {
            assertThat(Restarts.play(TENS, changes, recording, seed, true).log())
                    .as("seed %d", seed)
                    .isEqualTo(calm.log());
        }
        return calm;
    }

    @Test
    void changedAnnotation_keepsThePendingProgress() {
        String changed = KEPT.replace("summary: one", "summary: two");
        Outcome outcome = change(high(), rules("r1", KEPT), ofMinutes(3), rules("r2", changed));
        assertThat(outcome.story())
                .containsExactly("10s Kept{} pending", "310s Kept{} firing", "1810s Kept{} resolved");
        assertThat(outcome.alerts)
                .extracting(a -> a.annotations().get("summary"))
                .containsExactly("one", "two", "two");
        assertThat(outcome.alerts).extracting(Alert::revision).containsExactly("r1", "r2", "r2");
        assertThat(outcome.alerts)
                .extracting(Alert::ruleRevision)
                .doesNotContain("")
                .hasSameElementsAs(List.of(outcome.alerts.get(0).ruleRevision()));
    }

    @Test
    void changedAnnotation_whileFiring_doesNotPageAgain() {
        String changed = KEPT.replace("summary: one", "summary: two").replace("tier: ticket", "tier: annotate");
        Outcome outcome = change(high(), rules("r1", KEPT), ofMinutes(10), rules("r2", changed));
        assertThat(outcome.story())
                .containsExactly("10s Kept{} pending", "310s Kept{} firing", "1810s Kept{} resolved");
        assertThat(outcome.alerts.get(2).episode())
                .isEqualTo(outcome.alerts.get(1).episode());
    }

    @Test
    void changedCondition_resetsThatRuleOnly() {
        String changed = OTHER.replace("other > 5", "other > 6");
        assertThat(story(rules("r1", KEPT, OTHER), ofMinutes(10), rules("r2", KEPT, changed)))
                .containsExactly(
                        "10s Kept{} pending",
                        "10s Other{} pending",
                        "70s Other{} firing",
                        "310s Kept{} firing",
                        "600s Other{} resolved (rule changed)",
                        "610s Other{} pending",
                        "670s Other{} firing",
                        "1810s Kept{} resolved",
                        "1810s Other{} resolved");
    }

    @Test
    void changedSignal_givesItsRuleAnotherRevision_andLeavesItsNeighbourTheOld() {
        RuleSet changed = load(
                "r2",
                (SIGNALS + "  rules:\n" + KEPT + OTHER)
                        .replace("of: metric other, over: 10s", "of: metric other, over: 20s"));
        Outcome outcome = change(high(), rules("r1", KEPT, OTHER), ofMinutes(10), changed);
        assertThat(revisionsOf(outcome, "Kept")).hasSize(1);
        assertThat(revisionsOf(outcome, "Other")).hasSize(2);
    }

    private static Set<String> revisionsOf(Outcome outcome, String rule) {
        return outcome.alerts.stream()
                .filter(a -> a.name().equals(rule))
                .map(Alert::ruleRevision)
                .collect(Collectors.toSet());
    }

    @Test
    void changedLabel_endsTheAlertUnderItsOldName() {
        String changed = KEPT.replace("tier: ticket", "tier: ticket, labels: {team: docs}");
        Outcome outcome = change(high(), rules("r1", KEPT), ofMinutes(10), rules("r2", changed));
        assertThat(outcome.story())
                .containsExactly(
                        "10s Kept{} pending",
                        "310s Kept{} firing",
                        "600s Kept{} resolved (rule changed)",
                        "610s Kept{team=docs} pending",
                        "910s Kept{team=docs} firing",
                        "1810s Kept{team=docs} resolved");
        assertThat(outcome.alerts.get(2).episode())
                .isEqualTo(outcome.alerts.get(1).episode());
    }

    @Test
    void removedRule_resolvesWithItsReason() {
        assertThat(story(rules("r1", KEPT, OTHER), ofMinutes(10), rules("r2", KEPT)))
                .containsExactly(
                        "10s Kept{} pending",
                        "10s Other{} pending",
                        "70s Other{} firing",
                        "310s Kept{} firing",
                        "600s Other{} resolved (rule removed)",
                        "1810s Kept{} resolved");
    }

    @Test
    void removedRule_whilePending_isCancelled() {
        assertThat(story(rules("r1", KEPT, OTHER), ofMinutes(2), rules("r2", OTHER)))
                .containsExactly(
                        "10s Kept{} pending",
                        "10s Other{} pending",
                        "70s Other{} firing",
                        "120s Kept{} cancelled (rule removed)",
                        "1810s Other{} resolved");
    }

    @Test
    void removedGroup_resolvesItsAlerts() {
        RuleSet two = load(
                "r1",
                SIGNALS + "  rules:\n" + OTHER
                        + SIGNALS.replace("groups:\n", "").replace("name: g", "name: h") + "  rules:\n" + KEPT);
        assertThat(story(two, ofMinutes(10), rules("r2", OTHER)))
                .contains("600s Kept{} resolved (rule removed)")
                .filteredOn(line -> line.contains("Other"))
                .containsExactly("10s Other{} pending", "70s Other{} firing", "1810s Other{} resolved");
    }

    @Test
    void newRule_startsFromNothing_besideAnUntouchedOne() {
        assertThat(story(rules("r1", OTHER), ofMinutes(10), rules("r2", KEPT, OTHER)))
                .containsExactly(
                        "10s Other{} pending",
                        "70s Other{} firing",
                        "610s Kept{} pending",
                        "910s Kept{} firing",
                        "1810s Kept{} resolved",
                        "1810s Other{} resolved");
    }

    @Test
    void reorderedAndReformatted_changesNothing() {
        RuleSet other = load(
                "r2", (SIGNALS + "  rules:\n" + OTHER + "  # a comment\n" + KEPT).replace("over: 10s", "over:  10s"));
        assertThat(story(rules("r1", KEPT, OTHER), ofMinutes(2), other))
                .containsExactlyInAnyOrder(
                        "10s Kept{} pending",
                        "10s Other{} pending",
                        "70s Other{} firing",
                        "310s Kept{} firing",
                        "1810s Kept{} resolved",
                        "1810s Other{} resolved");
    }

    @Test
    void heldValue_outlivesTheRemovalOfAnotherHeldSignal() {
        String both = """
                groups:
                - name: g
                  owner: team
                  signals:
                    first: {measure: max(value), of: metric first, over: 10s, on_missing: hold 1h}
                    second: {measure: max(value), of: metric second, over: 10s, on_missing: hold 1h}
                  rules:
                  - {alert: First, when: first > 5, tier: ticket}
                  - {alert: Second, when: second > 5, for: 10m, tier: ticket}
                """;
        String one = both.replaceAll("(?m)^.*(first|First).*\n", "");
        Recording recording = new Recording()
                .metric(ofSeconds(1), "s", "first", Map.of(), 9)
                .metric(ofSeconds(1), "s", "second", Map.of(), 9)
                .until(ofMinutes(30));
        assertThat(change(recording, load("r1", both), ofMinutes(5), load("r2", one))
                        .story())
                .containsExactly(
                        "10s First{} firing",
                        "10s Second{} pending",
                        "300s First{} resolved (rule removed)",
                        "610s Second{} firing");
    }

    @Test
    void sequenceAndTolerance_keepTheirStateToo() {
        String sequence = "  - {alert: Sequence, when: \"level > 5 THEN other > 5 within 20m\", tier: ticket}\n";
        Recording recording = new Recording().until(ofMinutes(30));
        recording.metric(ofSeconds(1), "s", "level", Map.of(), 9);
        recording.metric(ofMinutes(15), "s", "other", Map.of(), 9);
        recording.metric(ofMinutes(16), "s", "other", Map.of(), 1);
        String changed = sequence.replace("tier: ticket", "tier: ticket, annotations: {summary: new}");
        assertThat(change(recording, rules("r1", sequence), ofMinutes(10), rules("r2", changed))
                        .story())
                .containsExactly("910s Sequence{} firing", "970s Sequence{} resolved");
    }
}
