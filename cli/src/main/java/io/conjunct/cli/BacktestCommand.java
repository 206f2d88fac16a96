// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Backtest;
import io.conjunct.backtest.BacktestReport;
import io.conjunct.backtest.Incident;
import io.conjunct.backtest.JsonReport;
import io.conjunct.backtest.Sweep;
import io.conjunct.backtest.TextReport;
import io.conjunct.history.History;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conjunct backtest}: what rules would have done in a recorded past, judged by labelled incidents. */
@Command(
        name = "backtest",
        description = "Replay recorded events: pages, precision, recall and delay of every rule and revision.",
        footer = {
            "Example, in a pull request:",
            "  conjunct backtest --history march.events --incidents incidents.yaml \\",
            "    --against origin/main --max-pages-per-week 2 --format markdown",
            "",
            "Exit code 1: a changed rule loses an incident it caught, or exceeds its pages."
        })
final class BacktestCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final HistoryOptions history = new HistoryOptions();

    @Option(
            names = "--incidents",
            paramLabel = "FILE|URL|kafka:HOST:PORT",
            description = {
                "Labelled incidents: a YAML or CSV file with id, start, end, and if known service, labels, severity, rule.",
                "Or the verdicts people gave: kafka:HOST:PORT, the broker with their topic; or the admin port of the node that"
                        + " delivers, such as http://127.0.0.1:8080; or a .json file with its /api/v1/ledger."
            })
    private @Nullable String incidents;

    @Option(
            names = "--against",
            paramLabel = "REV",
            description = "Compare with the rules at this git revision, such as HEAD~1 or origin/main.")
    private @Nullable String against;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, markdown (for a pull request's comment) or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TEXT;

    @Option(
            names = "--max-pages-per-week",
            paramLabel = "N",
            description = "Fail when a rule that is new or changed would page more often.")
    private @Nullable Double maxPagesPerWeek;

    @Option(
            names = "--lead",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = DurationConverter.class,
            description = "A page this long before an incident still tells of it (default: ${DEFAULT-VALUE}).")
    private Duration lead = Backtest.Settings.DEFAULT_LEAD;

    @Option(
            names = "--lag",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "A page this long after an incident still tells of it (default: ${DEFAULT-VALUE}).")
    private Duration lag = Backtest.Settings.DEFAULT_LAG;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "At most this many threads (default: one a core). The report does not depend on it.")
    private int threads = HistoryOptions.threads();

    @Option(
            names = "--sweep",
            paramLabel = "RULE.KEY=V,V",
            description = "Instead: one rule with many values, such as Slow.for=0s,1m,5m, Slow.within=1m,5m or"
                    + " Slow.hit_p99=300ms,500ms.")
    private List<String> sweeps = new ArrayList<>();

    @Option(names = "--chart", paramLabel = "FILE", description = "Draw the sweep as SVG.")
    private @Nullable Path chart;

    /** How the report is written. */
    enum Format {
        TEXT,
        MARKDOWN,
        JSON
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        RuleSet rules = RulesFrom.directory(history.rules, RulesFrom.WORKING_TREE);
        Optional<RuleSet> older =
                against == null ? Optional.empty() : Optional.of(RulesFrom.git(history.rules, against));
        List<Incident> labelled =
                incidents == null ? new ArrayList<>() : IncidentsFrom.place(incidents, history.topicPrefix);
        Backtest.Settings settings = new Backtest.Settings(
                history.engine(),
                lead,
                lag,
                maxPagesPerWeek == null ? OptionalDouble.empty() : OptionalDouble.of(maxPagesPerWeek),
                Math.max(1, threads));
        if (chart != null && sweeps.isEmpty()) {
            throw new LoadProblem("--chart draws a sweep: give --sweep RULE.KEY=VALUE,VALUE");
        }
        try (HistorySource recorded =
                history.open(older.map(o -> new RuleSet[] {rules, o}).orElseGet(() -> new RuleSet[] {rules}))) {
            if (!sweeps.isEmpty()) {
                sweep(recorded.history(), rules, settings, labelled);
                return Conjunct.EXIT_OK;
            }
            try (ProgressBar bar = ProgressBar.forPeople()) {
                return print(new Backtest(recorded.history(), settings, labelled, bar).run(rules, older));
            }
        }
    }

    private int print(BacktestReport report) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case TEXT -> new TextReport(report).terminal().forEach(out::println);
            case MARKDOWN -> new TextReport(report).markdown().forEach(out::println);
            case JSON -> out.println(JsonReport.write(report));
        }
        out.flush();
        return report.findings().isEmpty() ? Conjunct.EXIT_OK : Conjunct.EXIT_FINDINGS;
    }

    private void sweep(History recorded, RuleSet rules, Backtest.Settings settings, List<Incident> labelled)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (chart != null && sweeps.size() > 1) {
            throw new LoadProblem("--chart draws one sweep (given: " + sweeps.size() + ")");
        }
        for (String text : sweeps) {
            Sweep sweep;
            try {
                sweep = Sweep.of(text, rules);
            } catch (IllegalArgumentException e) {
                throw new LoadProblem("--sweep: " + e.getMessage());
            }
            List<Sweep.Point> points;
            try (ProgressBar bar = ProgressBar.forPeople()) {
                points = sweep.run(recorded, settings, labelled, bar);
            }
            sweep.table(points).forEach(out::println);
            if (chart != null) {
                SweepChart.write(chart, sweep, points);
                out.println("-> " + chart);
            }
        }
        out.flush();
    }
}
