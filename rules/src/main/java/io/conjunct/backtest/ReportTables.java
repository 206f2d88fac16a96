// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import io.conjunct.backtest.BacktestReport.Revision;
import io.conjunct.backtest.BacktestReport.RivalScore;
import io.conjunct.backtest.BacktestReport.RuleScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of a report, for a terminal and for a comment alike. */
final class ReportTables {
    private ReportTables() {}

    /** One line per rule and revision. */
    static Table rules(BacktestReport report) {
        boolean compare = report.revisions().size() > 1;
        List<String> headers = new ArrayList<>(List.of("rule", "tier"));
        if (compare) {
            headers.add("revision");
        }
        headers.addAll(List.of(
                "pages",
                "true",
                "caught",
                "precision",
                "recall",
                "false/week",
                "pages per incident",
                "delay p50",
                "p95",
                "reset p50"));
        Table table = new Table(compare ? 3 : 2, headers.toArray(String[]::new));
        for (RuleScore rule : report.newest().rules()) {
            Revision old = report.revisions().get(0);
            Optional<RuleScore> before = compare ? old.rule(rule.group(), rule.rule()) : Optional.empty();
            boolean same = before.filter(b -> b.fingerprint().equals(rule.fingerprint()))
                    .isPresent();
            if (before.isPresent() && !same) {
                table.row(row(report, rule.rule(), before.get(), old.name()));
            }
            String revision = same ? "both" : report.newest().name();
            table.row(row(report, rule.rule(), rule, compare ? revision : ""));
        }
        if (compare) {
            Revision old = report.revisions().get(0);
            for (RuleScore before : old.rules()) {
                if (report.newest().rule(before.group(), before.rule()).isEmpty()) {
                    table.row(row(report, before.rule(), before, old.name()));
                }
            }
        }
        for (Revision revision : report.revisions()) {
            List<String> cells = new ArrayList<>(List.of("all pages", ""));
            if (compare) {
                cells.add(revision.name());
            }
            cells.addAll(numbers(report, revision.total()));
            table.row(cells);
        }
        return table;
    }

    private static List<String> row(BacktestReport report, String name, RuleScore rule, String revision) {
        List<String> cells = new ArrayList<>(List.of(name, rule.tier().word() + (rule.shadow() ? ", shadow" : "")));
        if (!revision.isEmpty()) {
            cells.add(revision);
        }
        cells.addAll(numbers(report, rule.score()));
        return cells;
    }

    private static List<String> numbers(BacktestReport report, Score score) {
        return List.of(
                Words.count(score.pages()),
                Words.count(score.truePages()),
                score.caught().size() + "/" + score.incidents(),
                Words.percent(score.precision()),
                Words.percent(score.recall()),
                weekly(score, report.stretch()),
                ratio(score),
                Words.duration(Score.percentile(score.delaysMillis(), 0.5)),
                Words.duration(Score.percentile(score.delaysMillis(), 0.95)),
                Words.duration(Score.percentile(score.resetsMillis(), 0.5)));
    }

    /** About so many when there is less than a week to count them in. */
    private static String weekly(Score score, Stretch stretch) {
        double weekly = score.falsePagesPerWeek(stretch);
        return stretch.isShort() && weekly > 0 ? "~" + Words.decimal(weekly, 0) : Words.decimal(weekly, 1);
    }

    /** {@code 2.40 = 1/0.50 x 1.20}: noise times repetition. */
    static String ratio(Score score) {
        return Double.isNaN(score.pageToIncident())
                ? Words.NONE
                : Words.decimal(score.pageToIncident(), 2) + " = 1/" + Words.decimal(score.precision(), 2) + " x "
                        + Words.decimal(score.repeats(), 2);
    }

    /** What each leg alone would have done, beside the rules that have more than one. */
    static Table rivals(BacktestReport report) {
        Table table = new Table(
                1, "without correlation", "pages", "caught", "precision", "recall", "false/week", "delay p50");
        for (RuleScore rule : report.newest().rules()) {
            if (rule.rivals().isEmpty()) {
                continue;
            }
            table.row(rival(report, rule.rule(), rule.score()));
            for (RivalScore rival : rule.rivals()) {
                String form =
                        rival.twoTicks() ? ", for two ticks" : rival.leg() == 0 ? " alone (the symptom)" : " alone";
                table.row(rival(report, "  " + rival.text() + form, rival.score()));
            }
        }
        return table;
    }

    private static List<String> rival(BacktestReport report, String name, Score score) {
        return List.of(
                name,
                Words.count(score.pages()),
                score.caught().size() + "/" + score.incidents(),
                Words.percent(score.precision()),
                Words.percent(score.recall()),
                weekly(score, report.stretch()),
                Words.duration(Score.percentile(score.delaysMillis(), 0.5)));
    }
}
