// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.record.Demotion;
import io.conjunct.record.Gate;
import io.conjunct.record.Ledger;
import io.conjunct.record.TrackRecord;
import io.conjunct.record.TrackRecordJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Rules that paged, those that waste most first. The same ledger and times give the same bytes. */
public final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN = "-";
    private static final List<String> HEADS = List.of(
            "rule",
            "pages",
            "incidents",
            "ratio",
            "precision",
            "per inc.",
            "judged",
            "P(>2:1)",
            "false/wk",
            "ack p50",
            "wasted h/wk",
            "recovered",
            "gate");

    /**
     * One rule.
     *
     * @param baseline its record in the days that were frozen
     * @param legs what each of its legs alone would have paged, by the leg's text
     * @param demotion what makes its pages tickets now
     */
    public record Line(
            TrackRecord record,
            Gate.Finding finding,
            Optional<TrackRecord> baseline,
            Map<String, Integer> legs,
            Optional<Demotion> demotion) {
        /** What the gate says, or did. */
        String gate() {
            return demotion.map(Demotion::until).orElse(finding.decision().words());
        }

        /** {@code X alone 41 pages, Y alone 17, together 3; incidents missed: 0}; empty for a rule of one leg. */
        Optional<String> alone() {
            if (legs.isEmpty()) {
                return Optional.empty();
            }
            List<String> words = new ArrayList<>();
            legs.forEach((leg, pages) -> words.add(leg + " alone " + pages + (words.isEmpty() ? " pages" : "")));
            return Optional.of(String.join(", ", words) + ", together " + record.pages() + "; incidents missed: "
                    + record.missed());
        }
    }

    private final List<Line> lines;
    private final List<Ledger.Stretch> stretches;
    private final long endMillis;
    private final int days;

    private Report(List<Line> lines, List<Ledger.Stretch> stretches, long endMillis, int days) {
        this.lines = List.copyOf(lines);
        this.stretches = List.copyOf(stretches);
        this.endMillis = endMillis;
        this.days = days;
    }

    /**
     * The report of the days before {@code endMillis}.
     *
     * @param frozenMillis the end of as many days with which these are compared
     */
    public static Report of(Ledger ledger, long endMillis, int days, OptionalLong frozenMillis) {
        List<Line> lines = new ArrayList<>();
        for (String rule : ledger.rules()) {
            TrackRecord record = ledger.record(rule, endMillis, days);
            Optional<TrackRecord> baseline = frozenMillis.isPresent()
                    ? Optional.of(frozen(ledger, frozenMillis.getAsLong()).record(rule, frozenMillis.getAsLong(), days))
                    : Optional.empty();
            Optional<Demotion> demotion = ledger.demotion(rule, endMillis);
            Gate.Finding finding = Gate.judge(ledger, rule, endMillis, days);
            if (demotion.isPresent()
                    || finding.decision().proposes()
                    || record.pages()
                                    + record.missed()
                                    + record.caught()
                                    + baseline.map(TrackRecord::pages).orElse(0)
                            > 0) {
                lines.add(new Line(record, finding, baseline, ledger.legPages(rule, endMillis, days), demotion));
            }
        }
        lines.sort(Comparator.comparingDouble((Line line) -> -line.record().expectedWastePerWeek())
                .thenComparing(line -> line.record().rule()));
        return new Report(lines, ledger.stretches(endMillis, days), endMillis, days);
    }

    /** A baseline does not move: of what is said about its pages later than a week after its end nothing counts. */
    private static Ledger frozen(Ledger ledger, long endMillis) {
        return ledger.asOf(endMillis + Duration.ofDays(7).toMillis());
    }

    /** Those that waste most first. */
    public List<Line> lines() {
        return lines;
    }

    /** For a terminal. */
    public String text() {
        List<List<String>> rows = rows();
        int[] widths = new int[HEADS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(title()).append("\n\n");
        for (List<String> row : rows) {
            StringBuilder words = new StringBuilder("  ");
            for (int i = 0; i < widths.length; i++) {
                boolean left = i == 0 || i == widths.length - 1;
                words.append(String.format(
                        Locale.ROOT, left ? "%-" + widths[i] + "s  " : "%" + widths[i] + "s  ", row.get(i)));
            }
            text.append(words.toString().stripTrailing()).append('\n');
        }
        text.append('\n');
        tail().forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }

    /** For a wiki or a pull request. */
    public String markdown() {
        StringBuilder text = new StringBuilder("## ").append(title()).append("\n\n");
        List<List<String>> rows = rows();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ")
                    .append(String.join(
                            " | ",
                            rows.get(i).stream()
                                    .map(cell -> cell.replace("|", "\\|"))
                                    .toList()))
                    .append(" |\n");
            if (i == 0) {
                text.append("|---").append("|---:".repeat(HEADS.size() - 2)).append("|---|\n");
            }
        }
        text.append('\n');
        tail().forEach(line -> text.append("- ").append(line).append('\n'));
        return text.toString();
    }

    /** For a browser: one file that needs nothing else. */
    public String html() {
        return ReportHtml.write(this);
    }

    /** The days, or for more than 28 of them the weeks, oldest first. */
    List<Ledger.Stretch> stretches() {
        return stretches;
    }

    /** For programs: numbers unrounded, absent where they are not known; an infinite ratio is {@code null}. */
    public String json() {
        ObjectNode top = JSON.createObjectNode();
        top.put("until", Instant.ofEpochMilli(endMillis).toString());
        top.put("days", days);
        for (Line line : lines) {
            TrackRecord record = line.record();
            ObjectNode node = top.withArray("rules").addObject();
            node.put("rule", record.rule()).put("owner", record.owner());
            TrackRecordJson.write(record, node);
            node.put("p_worse_than_2_to_1", line.finding().worse());
            line.baseline().ifPresent(was -> node.put("recovered_hours_per_week", record.recoveredHoursPerWeek(was)));
            ObjectNode alone = node.putObject("pages_of_legs_alone");
            line.legs().forEach(alone::put);
            node.put("gate", line.finding().decision().name().toLowerCase(Locale.ROOT));
            node.put("reason", line.finding().reason());
            line.demotion().ifPresent(each -> each.write(node.putObject("demotion")));
        }
        return top.toPrettyString();
    }

    String title() {
        return "Pages and incidents, " + days + " days until " + Instant.ofEpochMilli(endMillis);
    }

    List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADS);
        for (Line line : lines) {
            TrackRecord record = line.record();
            rows.add(List.of(
                    record.rule(),
                    Integer.toString(record.pages()),
                    Integer.toString(record.incidents()),
                    ratio(record),
                    percent(record.precision()),
                    record.pagesPerIncident().isPresent()
                            ? one(record.pagesPerIncident().getAsDouble())
                            : UNKNOWN,
                    percent(
                            record.pages() == record.tests()
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(record.coverage())),
                    String.format(Locale.ROOT, "%.2f", line.finding().worse()),
                    one(record.falsePagesPerWeek()),
                    record.toAck().n() == 0
                            ? UNKNOWN
                            : String.format(
                                    Locale.ROOT, "%.0f s", record.toAck().medianSeconds()),
                    one(record.unrecoveredHoursPerWeek()),
                    line.baseline()
                            .map(was -> one(record.recoveredHoursPerWeek(was)))
                            .orElse(UNKNOWN),
                    line.gate()));
        }
        return rows;
    }

    private List<String> tail() {
        List<String> tail = new ArrayList<>();
        double wasted = lines.stream()
                .mapToDouble(line -> line.record().unrecoveredHoursPerWeek())
                .sum();
        tail.add("Still wasted: " + one(wasted) + " engineer-hours a week.");
        if (lines.stream().anyMatch(line -> line.baseline().isPresent())) {
            double recovered = lines.stream()
                    .mapToDouble(line -> line.baseline()
                            .map(was -> line.record().recoveredHoursPerWeek(was))
                            .orElse(0.0))
                    .sum();
            tail.add("Recovered since the baseline: " + one(recovered) + " engineer-hours a week.");
        }
        for (Line line : lines) {
            line.demotion().ifPresent(each -> tail.add(line.record().rule() + ": " + each.sentence() + "."));
            Gate.Decision decision = line.finding().decision();
            if (decision != Gate.Decision.KEEP && decision != Gate.Decision.NOT_ENOUGH_DATA) {
                tail.add(line.record().rule() + ": " + decision.words() + ": "
                        + line.finding().reason() + ".");
            }
            if (line.record().missed() > 0) {
                tail.add(line.record().rule() + ": recall "
                        + percent(line.record().recall()) + ", " + line.record().missed() + " missed.");
            }
            line.alone().ifPresent(words -> tail.add(line.record().rule() + ": " + words + "."));
        }
        return tail;
    }

    private static String ratio(TrackRecord record) {
        OptionalDouble ratio = record.ratio();
        if (ratio.isEmpty()) {
            return UNKNOWN;
        }
        return Double.isInfinite(ratio.getAsDouble()) ? "no incident" : one(ratio.getAsDouble()) + ":1";
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent() ? String.format(Locale.ROOT, "%.0f %%", share.getAsDouble() * 100) : UNKNOWN;
    }

    private static String one(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
