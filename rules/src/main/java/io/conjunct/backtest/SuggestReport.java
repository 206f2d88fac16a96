// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.backtest.Suggest.Candidate;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleGroup;
import io.conjunct.scenario.TestDraft;
import io.conjunct.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a search for a second leg found, for a terminal, with the best rule as YAML. */
public final class SuggestReport {
    private static final int SHOWN = 5;

    private final Suggest.Result result;

    public SuggestReport(Suggest.Result result) {
        this.result = result;
    }

    public List<String> lines() {
        Rule rule = result.rule();
        List<String> lines = new ArrayList<>();
        lines.add(rule.name() + " as it is: " + pages(result.first()) + " in the first half, " + pages(result.second())
                + " in the second");
        if (result.first().incidents() == 0) {
            lines.add("no incident falls into the first half: there is nothing to choose a leg by");
            return lines;
        }
        if (result.first().falsePages() == 0) {
            lines.add("no leg is needed: every page of the first half told of an incident");
            return lines;
        }
        if (result.candidates().isEmpty()) {
            lines.add("no leg helps: of " + result.tried()
                    + " signals none removes false pages without losing an incident"
                    + (result.failedLater() == 0
                            ? ""
                            : " (" + result.failedLater() + " did in the first half, but not in the second)"));
            return lines;
        }
        lines.add("");
        Table table = new Table(1, "second leg", "pages", "precision", "recall", "then pages", "precision", "recall");
        table.row(row("(none)", result.first(), result.second()));
        for (Candidate candidate : result.candidates()
                .subList(0, Math.min(SHOWN, result.candidates().size()))) {
            table.row(row(candidate.text(), candidate.first(), candidate.second()));
        }
        lines.addAll(table.text());
        lines.add("chosen on the first half; `then` is the second half, which the choice did not see");
        Candidate best = result.candidates().get(0);
        double weeks = result.stretch().weeks() / 2;
        lines.add("");
        lines.add("predicted from the second half: "
                + Words.decimal(best.second().pages() / weeks, 1)
                + " pages a week instead of " + Words.decimal(result.second().pages() / weeks, 1)
                + ", recall " + Words.percent(best.second().recall()) + " as before");
        lines.add("");
        lines.addAll(yaml(best));
        lines.add("");
        lines.addAll(test(best));
        return lines;
    }

    private List<String> test(Candidate best) {
        String file = result.group() + ".yaml";
        List<Signal> read = List.copyOf(new RuleGroup(result.group(), "nobody", List.of(), List.of(best.rule()))
                .allSignals()
                .values());
        RuleGroup group = new RuleGroup(result.group(), "nobody", read, List.of(best.rule()));
        List<String> lines = new ArrayList<>();
        Optional<List<String>> draft = TestDraft.of(group, best.rule(), file, result.tick());
        if (draft.isEmpty()) {
            lines.add(
                    "# no test could be made up for these legs: write one in which only the first holds, and expect []");
            return lines;
        }
        lines.add("# " + result.group() + ".test.yaml, beside the rule's file");
        lines.addAll(draft.get());
        return lines;
    }

    private static String pages(Score score) {
        return Words.counted(score.pages(), "page") + ", " + score.falsePages() + " of them false, "
                + score.caught().size() + " of " + score.incidents() + " incidents";
    }

    private static List<String> row(String leg, Score first, Score second) {
        return List.of(
                leg,
                Words.count(first.pages()),
                Words.percent(first.precision()),
                Words.percent(first.recall()),
                Words.count(second.pages()),
                Words.percent(second.precision()),
                Words.percent(second.recall()));
    }

    /** The rule with the leg, as it would stand in its file. */
    private List<String> yaml(Candidate best) {
        Rule rule = result.rule();
        List<String> lines = new ArrayList<>();
        if (!best.group().equals(result.group())) {
            lines.add("# define the signal " + best.signal().name() + " in group " + result.group() + " as in group "
                    + best.group());
        }
        lines.add("- alert: " + rule.name());
        lines.add("  when: " + best.rule().when().text());
        rule.until().ifPresent(u -> lines.add("  until: " + u.text()));
        if (!rule.on().isEmpty()) {
            lines.add("  on: [" + String.join(", ", rule.on()) + "]");
        }
        duration(lines, "within", rule.within().toMillis());
        duration(lines, "for", rule.holdFor().toMillis());
        if (rule.tolerate() > 0) {
            lines.add("  tolerate: " + rule.tolerate());
        }
        duration(lines, "keep_firing_for", rule.keepFiringFor().toMillis());
        lines.add("  tier: " + rule.tier().word());
        if (rule.shadow()) {
            lines.add("  status: shadow");
        }
        if (rule.demotable()) {
            lines.add("  demote: auto");
        }
        texts(lines, "labels", rule.labels());
        texts(lines, "annotations", rule.annotations());
        return lines;
    }

    private static void duration(List<String> lines, String key, long millis) {
        if (millis > 0) {
            lines.add("  " + key + ": " + Words.duration(millis).replace(" ", ""));
        }
    }

    private static void texts(List<String> lines, String key, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            List<String> members = new ArrayList<>();
            texts.forEach(
                    (k, v) -> members.add(k + ": \"" + v.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
            lines.add("  " + key + ": {" + String.join(", ", members) + "}");
        }
    }
}
