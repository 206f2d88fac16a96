// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.report.Report;
import io.conjunct.cli.report.RulePatch;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code conjunct report}: what every rule's pages were worth, what to fix first, and the patch for it. */
@Command(name = "report", description = "Each rule's pages, incidents, ratio and wasted hours; what to fix first.")
final class ReportCommand implements Callable<Integer> {
    /** The form of a report. */
    enum Format {
        TEXT,
        MARKDOWN,
        JSON,
        HTML
    }

    @Option(names = "--days", paramLabel = "N", description = "How far back: 7, 28 or 90 (default: 28).")
    private int days = 28;

    @Option(names = "--until", paramLabel = "TIME", description = "The end of these days, ISO 8601 (default: now).")
    private Optional<Instant> until = Optional.empty();

    @Option(
            names = "--baseline",
            paramLabel = "DATE",
            description = "Compare with as many days before this date: the hours recovered since.")
    private Optional<LocalDate> baseline = Optional.empty();

    @Option(names = "--zone", paramLabel = "ZONE", description = "Where people sleep (default: this machine's).")
    private ZoneId zone = ZoneId.systemDefault();

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: text).")
    private Format format = Format.TEXT;

    @Option(names = "--patch", description = "Only print a git patch with the demotions that are proposed.")
    private boolean patch;

    @Option(names = "--rules", paramLabel = "DIR", description = "Rule files, for --patch (default: rules).")
    private Path rules = Path.of("rules");

    @ArgGroup(exclusive = false, heading = "Instead of a node's ledger, what an existing Alertmanager recorded:%n")
    private AlertmanagerOptions alertmanager = new AlertmanagerOptions();

    @Mixin
    private final AdminClient admin = new AdminClient();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!List.of(7, 28, 90).contains(days)) {
            throw new ParameterException(spec.commandLine(), "--days " + days + " (expected: 7, 28 or 90)");
        }
        long end = until.orElseGet(Instant::now).toEpochMilli();
        Ledger ledger = alertmanager.given() ? alertmanager.ledger(Cost.in(zone)) : ledgerOfTheNode();
        OptionalLong frozen = baseline.isPresent()
                ? OptionalLong.of(baseline.get().atStartOfDay(zone).toInstant().toEpochMilli())
                : OptionalLong.empty();
        Report report = Report.of(ledger, end, days, frozen);
        PrintWriter out = spec.commandLine().getOut();
        if (patch) {
            return patch(report, out);
        }
        out.print(
                switch (format) {
                    case TEXT -> report.text();
                    case MARKDOWN -> report.markdown();
                    case JSON -> report.json() + "\n";
                    case HTML -> report.html();
                });
        out.flush();
        alertmanager.warn(spec.commandLine().getErr());
        return Conjunct.EXIT_OK;
    }

    private Ledger ledgerOfTheNode() throws IOException {
        AdminClient.Reply reply = admin.get("/api/v1/ledger");
        if (reply.status() != 200) {
            throw new ConfigurationProblem(admin.server + " has no ledger: " + reply.status() + " " + reply.body());
        }
        return LedgerJson.read(reply.body(), Cost.in(zone));
    }

    private int patch(Report report, PrintWriter out) throws IOException {
        List<Report.Line> proposed = report.lines().stream()
                .filter(line -> line.finding().decision().proposes())
                .toList();
        for (Report.Line line : proposed) {
            Optional<String> text = RulePatch.demote(rules, line.record().rule(), line.finding());
            if (text.isPresent()) {
                out.print(text.get());
            } else {
                spec.commandLine()
                        .getErr()
                        .printf(
                                Locale.ROOT,
                                "conjunct: %s: no `tier: %s` of it found in %s%n",
                                line.record().rule(),
                                RulePatch.from(line.finding()).word(),
                                rules);
            }
        }
        out.flush();
        return proposed.isEmpty() ? Conjunct.EXIT_OK : Conjunct.EXIT_FINDINGS;
    }
}
