// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Explain;
import io.conjunct.backtest.Explanation;
import io.conjunct.backtest.IncidentFile;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conjunct explain}: why a rule was in its state at an instant of the past. */
@Command(
        name = "explain",
        description = "Why did it page, or why not: each leg at an instant of the past, and what would turn it.")
final class ExplainCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RULE", description = "Name of the alert.")
    private String rule = "";

    @Option(names = "--at", paramLabel = "TIME", required = true, description = "Such as 2026-03-01T03:12:00Z.")
    private String at = "";

    @Option(
            names = "--labels",
            paramLabel = "KEY=VALUE",
            split = ",",
            description = "Only alerts with these labels (default: all combinations of the join keys).")
    private Map<String, String> labels = new TreeMap<>();

    @Mixin
    private final HistoryOptions history = new HistoryOptions();

    @Override
    public Integer call() throws IOException {
        RuleSet rules = RulesFrom.directory(history.rules, RulesFrom.WORKING_TREE);
        List<Explanation> explanations;
        try (HistorySource recorded = history.open(rules);
                ProgressBar bar = ProgressBar.forPeople()) {
            explanations = Explain.of(recorded.history(), history.engine(), rules, rule)
                    .orElseThrow(() -> new LoadProblem("there is no rule " + rule + " in " + history.rules))
                    .at(IncidentFile.time(at), labels, bar);
        } catch (DateTimeException e) {
            throw new LoadProblem("--at: '" + at + "' is not a time (expected: such as 2026-03-01T03:12:00Z)");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (explanations.isEmpty()) {
            out.println(
                    labels.isEmpty()
                            ? "nothing was known of " + rule + " then: the history begins later, or no data came"
                            : "no alert of " + rule + " had the labels " + labels + " then");
            out.flush();
            return Conjunct.EXIT_FINDINGS;
        }
        for (Explanation explanation : explanations.subList(0, Math.min(SHOWN, explanations.size()))) {
            explanation.lines().forEach(out::println);
        }
        if (explanations.size() > SHOWN) {
            out.println("and " + (explanations.size() - SHOWN) + " more; give --labels");
        }
        out.flush();
        return Conjunct.EXIT_OK;
    }
}
