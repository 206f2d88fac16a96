// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.alert.Truth;
import io.conjunct.check.Diagnostic;
import io.conjunct.check.Report;
import io.conjunct.rule.RuleSource;
import io.conjunct.scenario.Coverage.Gap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How tests went, for people: one line per test, and under a failed one the difference and its timeline. */
final class TextReport {
    private static final int MAX_DRAWINGS = 4;
    private static final int MAX_MISMATCHES = 20;

    private final StringBuilder out = new StringBuilder();
    private final boolean coverage;

    private TextReport(boolean coverage) {
        this.coverage = coverage;
    }

    static String of(Suite suite, boolean coverage) {
        TextReport report = new TextReport(coverage);
        suite.files().forEach(report::file);
        report.summary(suite);
        return report.out.toString();
    }

    private void file(FileOutcome file) {
        out.append(file.file().path()).append('\n');
        List<Diagnostic> problems = file.file().problems();
        if (!problems.isEmpty()) {
            List<RuleSource> sources = new ArrayList<>(List.of(file.file().source()));
            file.file().rules().ifPresent(r -> sources.addAll(r.sources()));
            out.append("  ✗ cannot be used\n\n")
                    .append(Report.TEXT.of(problems, sources))
                    .append('\n');
            return;
        }
        file.outcomes().forEach(this::test);
        if (coverage) {
            file.coverage().ifPresent(this::coverage);
        }
    }

    private void test(Outcome outcome) {
        out.append(outcome.passed() ? "  ✓ " : "  ✗ ").append(outcome.name());
        if (outcome.length() > 0) {
            out.append(String.format(
                    Locale.ROOT, "  (%s in %.1fs)", Expected.time(outcome.length()), outcome.tookNanos() / 1e9));
        }
        out.append('\n');
        if (!outcome.unmet().isEmpty()) {
            out.append("      ").append(outcome.unmet()).append('\n');
        }
        if (outcome.passed() || outcome.mismatches().isEmpty()) {
            return;
        }
        out.append("      at ")
                .append(outcome.place().path())
                .append(':')
                .append(outcome.place().line())
                .append("\n\n");
        outcome.mismatches().stream().limit(MAX_MISMATCHES).forEach(this::mismatch);
        if (outcome.mismatches().size() > MAX_MISMATCHES) {
            out.append("      and ")
                    .append(outcome.mismatches().size() - MAX_MISMATCHES)
                    .append(" more differences\n\n");
        }
        drawings(outcome);
    }

    private void mismatch(Mismatch mismatch) {
        out.append("      ").append(mismatch.identity()).append('\n');
        String expected = mismatch.expected().map(Expected::words).orElse("no alert");
        String seen = mismatch.seen().map(Seen::words).orElse("no alert");
        out.append("        expected  ").append(expected.strip()).append('\n');
        out.append("        was       ").append(seen.strip()).append("\n\n");
    }

    private void drawings(Outcome outcome) {
        List<Track> concerned = outcome.tracks().stream()
                .filter(t -> outcome.mismatches().stream().anyMatch(m -> concerns(m, t)))
                .toList();
        for (Track track : concerned.subList(0, Math.min(MAX_DRAWINGS, concerned.size()))) {
            out.append("      ").append(track.identity()).append('\n');
            out.append(Drawing.of(track, outcome, "        ")).append('\n');
        }
        if (concerned.size() > MAX_DRAWINGS) {
            out.append("      and ").append(concerned.size() - MAX_DRAWINGS).append(" more alerts of other labels\n\n");
        }
        if (concerned.isEmpty()) {
            out.append("      No rule of that name has been evaluated for these labels: no event carried them.\n\n");
        }
    }

    private static boolean concerns(Mismatch mismatch, Track track) {
        if (mismatch.seen().isPresent()) {
            Seen seen = mismatch.seen().get();
            return base(seen.alert()).equals(track.rule)
                    && seen.labels().entrySet().containsAll(track.labels.entrySet());
        }
        return mismatch.expected()
                .filter(e -> base(e.alert()).equals(track.rule)
                        && (track.labels.isEmpty()
                                || track.labels
                                        .entrySet()
                                        .containsAll(e.labels().entrySet())))
                .isPresent();
    }

    /** {@code Rule:EvidenceLost} is drawn with its rule. */
    private static String base(String alert) {
        int colon = alert.indexOf(':');
        return colon < 0 ? alert : alert.substring(0, colon);
    }

    private void coverage(Coverage covered) {
        List<Gap> gaps = covered.gaps();
        int missing = gaps.stream().mapToInt(g -> g.never().size()).sum();
        int all = covered.legs() * 3;
        List<String> silent = covered.neverFired();
        out.append("    coverage: ")
                .append(covered.rules() - silent.size())
                .append(" of ")
                .append(covered.rules())
                .append(" rules fired, ")
                .append(all - missing)
                .append(" of ")
                .append(all)
                .append(" leg values seen\n");
        Map<String, List<Gap>> byRule =
                gaps.stream().collect(Collectors.groupingBy(Gap::rule, LinkedHashMap::new, Collectors.toList()));
        byRule.forEach((rule, ofRule) -> {
            out.append("      ").append(rule).append(silent.contains(rule) ? "  never fired\n" : "\n");
            int width = ofRule.stream().mapToInt(g -> g.leg().length()).max().orElse(0);
            for (Gap gap : ofRule) {
                out.append("        ")
                        .append(gap.leg())
                        .append(" ".repeat(width - gap.leg().length()))
                        .append("  never ")
                        .append(gap.never().stream().map(Truth::word).collect(Collectors.joining(", ")))
                        .append('\n');
            }
        });
    }

    private void summary(Suite suite) {
        long failed = suite.files().stream()
                .flatMap(f -> f.outcomes().stream())
                .filter(o -> !o.passed())
                .count();
        long broken = suite.files().stream()
                .filter(f -> !f.file().problems().isEmpty())
                .count();
        double seconds = suite.files().stream()
                        .flatMap(f -> f.outcomes().stream())
                        .mapToLong(Outcome::tookNanos)
                        .sum()
                / 1e9;
        out.append('\n').append(count(suite.tests(), "test"));
        out.append(failed == 0 ? suite.tests() == 0 ? "" : ", all passed" : ", " + failed + " failed");
        if (broken > 0) {
            out.append(", ").append(count(broken, "file")).append(" cannot be used");
        }
        out.append(String.format(Locale.ROOT, "  (%.1fs)%n", seconds));
    }

    private static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }
}
