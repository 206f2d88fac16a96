// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.check.Diagnostic;
import io.conjunct.check.Findings;
import io.conjunct.check.Report;
import io.conjunct.prometheus.ImportedRule;
import io.conjunct.prometheus.RuleImport;
import io.conjunct.rule.RuleFiles;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conjunct import prometheus}: alerting rules of Prometheus. */
@Command(
        name = "prometheus",
        description = "Carry alerting rules of Prometheus over, as far as they map.",
        exitCodeList = {
            "0:every alerting rule was carried over",
            "1:some were not; the report says why",
            "2:a file that cannot be loaded, or one without rules"
        })
final class ImportPrometheusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Rule files of Prometheus, or PrometheusRule objects.")
    private List<Path> files = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The rule file to write; an existing one is replaced (default: stdout, and the report to"
                    + " stderr).")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--metric",
            paramLabel = "PROMETHEUS=OTEL",
            description = "What a metric is called in OpenTelemetry, such as"
                    + " http_server_request_duration_seconds=http.server.request.duration. May be given often.")
    private Map<String, String> metrics = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        Findings unreadable = new Findings();
        List<RuleSource> sources = new ArrayList<>();
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new LoadProblem(file + ": there is no such file");
            }
            RuleFiles.readFile(file, unreadable).ifPresent(sources::add);
        }
        String target = output.map(Path::toString).orElse("imported.yaml");
        RuleImport.Outcome outcome = RuleImport.of(sources, metrics, target);
        List<Diagnostic> problems = new ArrayList<>(unreadable.sorted(List.of()));
        problems.addAll(outcome.problems());
        if (problems.stream().anyMatch(Diagnostic::isError)) {
            spec.commandLine().getErr().print(Report.TEXT.of(problems, sources));
            return Conjunct.EXIT_USAGE;
        }
        if (outcome.rules().isEmpty()) {
            throw new LoadProblem("there is no rule in " + files);
        }
        PrintWriter report = output.isPresent()
                ? spec.commandLine().getOut()
                : spec.commandLine().getErr();
        if (output.isPresent()) {
            Files.writeString(output.get(), outcome.yaml());
        } else {
            spec.commandLine().getOut().print(outcome.yaml());
        }
        report(outcome, target, report);
        spec.commandLine().getOut().flush();
        report.flush();
        return outcome.rules().stream().allMatch(rule -> rule.recording() || rule.isCarried())
                ? Conjunct.EXIT_OK
                : Conjunct.EXIT_FINDINGS;
    }

    private static void report(RuleImport.Outcome outcome, String target, PrintWriter to) {
        for (ImportedRule rule : outcome.rules()) {
            to.println(rule.place() + ": " + rule.name() + ": "
                    + (!rule.isCarried()
                            ? "NOT carried over"
                            : rule.changes().isEmpty() ? "carried over" : "carried over, with another meaning"));
            if (!rule.isCarried()) {
                to.println("    " + rule.notCarried());
            }
            rule.changes().forEach(change -> to.println("    " + change));
        }
        long alerting =
                outcome.rules().stream().filter(rule -> !rule.recording()).count();
        long carried = outcome.rules().stream().filter(ImportedRule::isCarried).count();
        long changed =
                outcome.rules().stream().filter(r -> !r.changes().isEmpty()).count();
        to.println();
        to.println(carried + " of " + alerting + " alerting rules carried over" + (carried == 0 ? "" : " to " + target)
                + ", " + changed + " of them with another meaning");
        if (carried > 0 && !outcome.unnamedMetrics().isEmpty()) {
            to.println(
                    "To do: what are these metrics called in OpenTelemetry? Give --metric NAME=OTEL where it is another"
                            + " name:");
            outcome.unnamedMetrics().forEach(metric -> to.println("    " + metric));
        }
        if (!outcome.toDo().isEmpty()) {
            to.println("To do, as `conjunct check " + target + "` will say:");
            outcome.toDo()
                    .forEach(found -> to.println("    " + found.path() + ":" + found.line() + ": " + found.message()
                            + " [" + found.id() + "]"));
        }
    }
}
