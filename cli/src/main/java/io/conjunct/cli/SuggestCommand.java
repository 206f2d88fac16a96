// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Backtest;
import io.conjunct.backtest.Suggest;
import io.conjunct.backtest.SuggestReport;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conjunct suggest}: which second leg would have kept a noisy rule quiet. */
@Command(
        name = "suggest",
        description = "Find the signal that, as a second leg, removes a rule's false pages and loses no incident.")
final class SuggestCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RULE", description = "Name of the noisy alert.")
    private String rule = "";

    @Mixin
    private final HistoryOptions history = new HistoryOptions();

    @Option(
            names = "--incidents",
            paramLabel = "FILE|URL|kafka:HOST:PORT",
            required = true,
            description = "Labelled incidents, YAML or CSV, or verdicts; as for `backtest`.")
    private String incidents = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        RuleSet rules = RulesFrom.directory(history.rules, RulesFrom.WORKING_TREE);
        Suggest.Result result;
        try (HistorySource recorded = history.open(rules);
                ProgressBar bar = ProgressBar.forPeople()) {
            result = Suggest.of(
                            recorded.history(),
                            Backtest.Settings.of(history.engine(), HistoryOptions.threads()),
                            IncidentsFrom.place(incidents, history.topicPrefix),
                            rules,
                            rule)
                    .orElseThrow(() -> new LoadProblem("there is no rule " + rule + " in " + history.rules))
                    .run(rules, bar);
        }
        PrintWriter out = spec.commandLine().getOut();
        new SuggestReport(result).lines().forEach(out::println);
        out.flush();
        return Conjunct.EXIT_OK;
    }
}
