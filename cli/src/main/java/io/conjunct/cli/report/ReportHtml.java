// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.report;

import io.conjunct.cli.html.Html;
import io.conjunct.record.Gate.Decision;
import io.conjunct.record.TrackRecord;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** The report as one file for a browser or a mail: what it costs, what to fix, how it went, every rule. */
public final class ReportHtml {
    private static final int FIRST = 5;

    private ReportHtml() {}

    static String write(Report report) {
        Html html = Html.page(report.title(), "What our pages were worth", report.title(), 0);
        tiles(html, report);
        fixFirst(html, report);
        demoted(html, report, rule -> {});
        // A rule in shadow or demoted has a line and cost nothing.
        if (report.lines().stream().anyMatch(line -> line.record().hours() > 0)) {
            html.open("div", "class", "charts");
            html.open("div").element("h2", "Pages, and what they turned out to be");
            html.open("figure")
                    .raw(ReportCharts.pages(report.stretches()))
                    .close()
                    .close();
            html.open("div").element("h2", "Engineer-hours wasted, by rule");
            html.open("figure").raw(ReportCharts.waste(report.lines())).close().close();
            html.close();
        }
        everyRule(html, report);
        return html.end(
                "Written by conjunct report. P(>2:1) is the probability that a rule takes more than two pages to"
                        + " an incident; what flaps counts once. Hours are the time people worked, at most two a page, and 15"
                        + " minutes for the change of context, 25 at night.");
    }

    /** What wastes most, with what to do about it. */
    public static void fixFirst(Html html, Report report) {
        html.element("h2", "Fix first");
        List<Report.Line> worst = report.lines().stream()
                .filter(line -> line.record().expectedWastePerWeek() > 0)
                .limit(FIRST)
                .toList();
        if (worst.isEmpty()) {
            html.element("p", "Nothing: no page in these days was wasted.", "class", "soft");
            return;
        }
        html.open("ol");
        worst.forEach(line -> first(html, line));
        html.close();
    }

    /** The whole table. */
    public static void everyRule(Html html, Report report) {
        html.element("h2", "Every rule").open("div", "class", "wide").open("table");
        List<List<String>> rows = report.rows();
        for (int i = 0; i < rows.size(); i++) {
            html.open("tr");
            for (int column = 0; column < rows.get(i).size(); column++) {
                boolean words = column == 0 || column == rows.get(i).size() - 1;
                html.element(i == 0 ? "th" : "td", rows.get(i).get(column), "class", words ? "text" : "number");
            }
            html.close();
        }
        html.close().close();
    }

    /**
     * What is cheaper than its rule says; nothing when nothing is.
     *
     * @param way adds the way back behind a rule's sentence
     */
    public static void demoted(Html html, Report report, Consumer<String> way) {
        List<Report.Line> demoted = report.lines().stream()
                .filter(line -> line.demotion().isPresent())
                .toList();
        if (demoted.isEmpty()) {
            return;
        }
        html.element("h2", "Demoted by their record");
        for (Report.Line line : demoted) {
            String rule = line.record().rule();
            html.open("p")
                    .element("b", rule)
                    .text(" is " + line.demotion().get().sentence() + ". ");
            way.accept(rule);
            html.close();
        }
    }

    private static void tiles(Html html, Report report) {
        List<Report.Line> lines = report.lines();
        int pages = lines.stream().mapToInt(line -> line.record().pages()).sum();
        int incidents =
                lines.stream().mapToInt(line -> line.record().incidents()).sum();
        int nights = lines.stream().mapToInt(line -> line.record().atNight()).sum();
        int judged = lines.stream().mapToInt(line -> line.record().judged()).sum();
        double wasted = lines.stream()
                .mapToDouble(line -> line.record().unrecoveredHoursPerWeek())
                .sum();
        html.open("dl", "class", "tiles");
        tile(html, "Pages", Integer.toString(pages), nights + " of them at night");
        tile(html, "Incidents", Integer.toString(incidents), "told by these pages");
        tile(html, "Judged", pages == 0 ? "-" : Math.round(100.0 * judged / pages) + " %", "pages with a verdict");
        tile(html, "Still wasted", hours(wasted), "engineer-hours a week");
        if (lines.stream().anyMatch(line -> line.baseline().isPresent())) {
            double recovered = lines.stream()
                    .mapToDouble(line -> line.baseline()
                            .map(was -> line.record().recoveredHoursPerWeek(was))
                            .orElse(0.0))
                    .sum();
            tile(html, "Recovered", hours(recovered), "hours a week since the baseline");
        }
        html.close();
    }

    private static void tile(Html html, String name, String number, String words) {
        html.open("div").element("dt", name).open("dd").text(number).element("small", words);
        html.close().close();
    }

    private static void first(Html html, Report.Line line) {
        TrackRecord record = line.record();
        Decision decision = line.finding().decision();
        html.open("li").open("p").element("b", record.rule()).text(" ");
        html.element("span", line.gate(), "class", line.demotion().isPresent() ? "warn" : mark(decision))
                .close();
        html.element(
                "p",
                record.sentence() + ", " + hours(record.unrecoveredHoursPerWeek())
                        + " h wasted a week" + recall(record) + ". Owner: "
                        + (record.owner().isEmpty() ? "nobody" : record.owner())
                        + ". " + advice(line));
        line.alone().ifPresent(words -> html.element("p", words + ".", "class", "soft"));
        html.close();
    }

    private static String recall(TrackRecord record) {
        OptionalDouble recall = record.missed() > 0 ? record.recall() : OptionalDouble.empty();
        return recall.isPresent()
                ? String.format(Locale.ROOT, ", recall %.0f %%, %d missed", recall.getAsDouble() * 100, record.missed())
                : "";
    }

    private static String advice(Report.Line line) {
        String reason = line.finding().reason();
        if (line.demotion().isPresent()) {
            return "It is demoted to " + line.demotion().get().to().word() + " until "
                    + line.demotion().get().expires()
                    + ": make that last (conjunct report --patch), fix its condition, or restore it (conjunct verdict"
                    + " --restore " + line.record().rule() + ").";
        }
        return switch (line.finding().decision()) {
            case PROPOSE_TICKET -> "Make it a ticket (conjunct report --patch) or fix its condition: " + reason + ".";
            case PROPOSE_ANNOTATE ->
                "Its tickets are noise: make it annotate (conjunct report --patch) or fix its condition: " + reason
                        + ".";
            case PROTECTED -> "Fix its condition, but keep it: " + reason + ".";
            case FLAG -> "Watch it: " + reason + ".";
            case NOT_ENOUGH_DATA -> "Judge its pages: " + reason + ".";
            case KEEP -> "Keep it: " + reason + ".";
        };
    }

    private static String mark(Decision decision) {
        return switch (decision) {
            case PROPOSE_TICKET, PROPOSE_ANNOTATE -> "bad";
            case PROTECTED, FLAG -> "warn";
            case NOT_ENOUGH_DATA -> "soft";
            case KEEP -> "good";
        };
    }

    private static String hours(double hours) {
        return String.format(Locale.ROOT, "%.1f", hours);
    }
}
