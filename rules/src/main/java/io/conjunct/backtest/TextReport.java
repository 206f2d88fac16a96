// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.backtest.BacktestReport.Change;
import io.conjunct.backtest.BacktestReport.Finding;
import io.conjunct.backtest.BacktestReport.RuleScore;
import java.util.ArrayList;
import java.util.List;

/** A report for a terminal, and as Markdown for the comment of a pull request. Both begin with the verdict's ground. */
public final class TextReport {
    private final BacktestReport report;

    public TextReport(BacktestReport report) {
        this.report = report;
    }

    /** Lines for a terminal. */
    public List<String> terminal() {
        List<String> lines = new ArrayList<>();
        lines.add(ground());
        report.notes().forEach(n -> lines.add("note: " + n));
        lines.add("");
        lines.addAll(ReportTables.rules(report).text());
        Table rivals = ReportTables.rivals(report);
        if (!rivals.isEmpty()) {
            lines.add("");
            lines.addAll(rivals.text());
        }
        List<String> missed = missed();
        if (!missed.isEmpty()) {
            lines.add("");
            lines.addAll(missed);
        }
        for (Change change : report.changes()) {
            lines.add("");
            lines.add(change.rule() + " " + change.word());
            difference(change).forEach(d -> lines.add("  " + d));
            lines.add("  " + outcome(change));
        }
        lines.add("");
        lines.addAll(verdict());
        return lines;
    }

    /** Lines of Markdown. */
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(report.findings().isEmpty() ? "### Backtest: no objection" : "### Backtest: do not merge");
        lines.add("");
        if (report.findings().isEmpty()) {
            lines.add(summary());
        } else {
            report.findings().forEach(f -> lines.add("- **" + f.text() + "**"));
        }
        lines.add("");
        lines.addAll(ReportTables.rules(report).markdown());
        if (!report.changes().isEmpty()) {
            lines.add("");
            lines.add("#### What changed");
            for (Change change : report.changes()) {
                lines.add("");
                lines.add("**" + change.rule() + "** " + change.word() + ": " + outcome(change));
                lines.add("```diff");
                lines.addAll(difference(change));
                lines.add("```");
            }
        }
        Table rivals = ReportTables.rivals(report);
        if (!rivals.isEmpty()) {
            lines.add("");
            lines.add("<details><summary>The same without correlation: each leg alone</summary>");
            lines.add("");
            lines.addAll(rivals.markdown());
            lines.add("</details>");
        }
        lines.add("");
        lines.add("<sub>" + ground() + "</sub>");
        report.notes().forEach(n -> lines.add("<sub>Note: " + n + ".</sub>"));
        return lines;
    }

    private String ground() {
        Stretch stretch = report.stretch();
        return Words.duration(stretch.toMillis() - stretch.fromMillis()) + " of events, "
                + Words.time(stretch.fromMillis()) + " to " + Words.time(stretch.toMillis()) + " UTC: "
                + Words.counted(stretch.events(), "event") + ", " + Words.counted(report.incidents(), "incident")
                + (stretch.isShort() ? "; less than a week, so figures per week are scaled up" : "");
    }

    private String summary() {
        Score now = report.newest().total();
        String today = "All page rules together: " + Words.counted(now.pages(), "page") + ", "
                + now.caught().size() + " of " + now.incidents() + " incidents caught, precision "
                + Words.percent(now.precision());
        if (report.revisions().size() < 2) {
            return today + ".";
        }
        Score before = report.revisions().get(0).total();
        return today + " (before: " + Words.counted(before.pages(), "page") + ", "
                + before.caught().size() + " of " + before.incidents() + ", " + Words.percent(before.precision())
                + ").";
    }

    private List<String> verdict() {
        List<String> lines = new ArrayList<>();
        lines.add(summary());
        for (Finding finding : report.findings()) {
            lines.add("FAILED " + finding.id() + ": " + finding.text());
        }
        return lines;
    }

    private List<String> missed() {
        List<String> lines = new ArrayList<>();
        for (RuleScore rule : report.newest().rules()) {
            List<String> missed = rule.score().missed();
            if (rule.pages() && !missed.isEmpty()) {
                lines.add(rule.rule() + " missed " + Words.listed(missed));
            }
        }
        return lines;
    }

    private static List<String> difference(Change change) {
        List<String> before = change.before().map(RuleScore::definition).orElse(List.of());
        List<String> after = change.after().map(RuleScore::definition).orElse(List.of());
        List<String> lines = new ArrayList<>();
        before.stream().filter(l -> !after.contains(l)).forEach(l -> lines.add("- " + l));
        after.stream().filter(l -> !before.contains(l)).forEach(l -> lines.add("+ " + l));
        return lines;
    }

    private static String outcome(Change change) {
        int before = change.before().map(b -> b.score().pages()).orElse(0);
        int after = change.after().map(a -> a.score().pages()).orElse(0);
        String pages = "pages " + before + " -> " + after;
        String lost = change.lost().isEmpty() ? "" : ", no longer catches " + Words.listed(change.lost());
        String gained = change.gained().isEmpty() ? "" : ", now catches " + Words.listed(change.gained());
        return pages + lost + gained;
    }
}
