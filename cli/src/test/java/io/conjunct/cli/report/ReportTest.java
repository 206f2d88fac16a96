// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.LegPages;
import io.conjunct.alert.Tier;
import io.conjunct.record.Cost;
import io.conjunct.record.Demotion;
import io.conjunct.record.Gate;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerJson;
import io.conjunct.record.MissedIncident;
import io.conjunct.record.Page;
import io.conjunct.record.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final long END = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final long DAY = 86_400_000;

    @TempDir
    Path directory;

    private final List<Page> pages = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();

    private void pages(String rule, int incidents, int noise, int unknown, long until) {
        for (int i = 0; i < incidents + noise + unknown; i++) {
            String key = rule + until + i;
            long at = until - (i + 1) * (DAY / 2);
            pages.add(new Page(
                    key,
                    rule + "{}",
                    rule,
                    "r1",
                    "team",
                    true,
                    at,
                    at,
                    OptionalLong.of(at + 60_000),
                    OptionalLong.of(at + 1_860_000),
                    1,
                    Optional.empty()));
            if (i < incidents + noise) {
                Verdict.Kind kind = i < incidents ? Verdict.Kind.INCIDENT : Verdict.Kind.NOISE;
                verdicts.add(Verdict.said(key, kind, "", "ada", at + 3_600_000, Verdict.Source.SLACK));
            }
        }
    }

    private Report report() {
        List<LegPages> legs = List.of(new LegPages(
                "ReadApiCachePathSlow",
                "read-api",
                "v1",
                Math.floorDiv(END - DAY, DAY) * DAY,
                List.of(new LegPages.Count("hit_p99 > 1000ms", 41), new LegPages.Count("hit_ratio > 80%", 17))));
        pages("ReadApiCachePathSlow", 7, 2, 0, END);
        pages("DiskAlmostFull", 0, 6, 0, END);
        pages("DiskAlmostFull", 0, 12, 0, END - 28 * DAY);
        pages("QueueDepth", 1, 1, 5, END);
        Ledger ledger = new Ledger(
                pages,
                verdicts,
                List.of(new MissedIncident("INC-7", "QueueDepth", END - DAY + DAY / 8)),
                legs,
                Cost.in(ZoneId.of("UTC")));
        return Report.of(ledger, END, 28, OptionalLong.of(END - 28 * DAY));
    }

    @Test
    void text_isRankedByWaste_andTellsWhatToDo() {
        assertThat(report().text()).isEqualToNormalizingNewlines("""
                        Pages and incidents, 28 days until 2026-11-20T12:00:00Z

                          rule                  pages  incidents        ratio  precision  per inc.  judged  P(>2:1)  false/wk  ack p50  wasted h/wk  recovered  gate
                          DiskAlmostFull            6          0  no incident        0 %         -   100 %     0.99       1.5     60 s          1.3        1.3  demote to ticket
                          QueueDepth                7          1            -       50 %       1.0    29 %     0.50       0.3     60 s          0.2       -0.2  not enough data
                          ReadApiCachePathSlow      9          7        1.3:1       78 %       1.0   100 %     0.05       0.5     60 s          0.4       -0.4  keep

                          Still wasted: 1.9 engineer-hours a week.
                          Recovered since the baseline: 0.6 engineer-hours a week.
                          DiskAlmostFull: demote to ticket: 0 of 6 judged episodes were incidents.
                          QueueDepth: recall 50 %, 1 missed.
                          ReadApiCachePathSlow: hit_p99 > 1000ms alone 41 pages, hit_ratio > 80% alone 17, together 9; incidents missed: 0.
                        """);
    }

    @Test
    void markdown_andJson_haveTheSameRules() throws Exception {
        Report report = report();

        assertThat(report.markdown().lines().filter(line -> line.startsWith("| ")))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("| DiskAlmostFull | 6 | 0 | no incident |"));
        JsonNode rules = new ObjectMapper().readTree(report.json()).path("rules");
        assertThat(rules).hasSize(3);
        assertThat(rules.get(0).path("gate").asText()).isEqualTo("propose_ticket");
        assertThat(rules.get(0).path("ratio").isNull()).isTrue();
    }

    @Test
    void demotedRule_isShownAsSuch_withUntilWhenAndTheWayBack() throws Exception {
        long at = END - 2 * DAY;
        pages.add(new Page(
                "d1",
                "DiskAlmostFull{}",
                "DiskAlmostFull",
                "v1",
                "team",
                true,
                at,
                at,
                OptionalLong.empty(),
                OptionalLong.empty(),
                1,
                Optional.empty(),
                true,
                false,
                false));
        Cost cost = Cost.in(ZoneId.of("UTC"));
        ObjectMapper json = new ObjectMapper();
        ObjectNode told =
                (ObjectNode) json.readTree(LedgerJson.write(new Ledger(pages, verdicts, List.of(), List.of(), cost)));
        new Demotion(
                        Tier.PAGE,
                        "DiskAlmostFull",
                        "v1",
                        END - 3 * DAY,
                        END + 25 * DAY,
                        "0 of 6 judged episodes were incidents",
                        "")
                .write(told.withArray("demotions").addObject());
        Report report = Report.of(LedgerJson.read(told.toString(), cost), END, 28, OptionalLong.empty());

        String sentence = "demoted from page to ticket from 2026-11-17 12:00 UTC until 2026-12-15 12:00 UTC: 0 of 6"
                + " judged episodes were incidents; undo: conjunct verdict --restore DiskAlmostFull, or remove"
                + " `demote: auto` from the rule.";
        assertThat(report.text()).contains("demoted until 2026-12-15", "DiskAlmostFull: " + sentence);
        assertThat(report.html()).contains("demoted until 2026-12-15", "<b>DiskAlmostFull</b> is " + sentence);
        JsonNode rule = json.readTree(report.json()).path("rules").get(0);
        assertThat(rule.path("demotion").path("to").asText()).isEqualTo("ticket");
        assertThat(rule.path("pages").asInt()).as("nobody was woken").isZero();
        Files.writeString(Path.of("target", "report-demoted.html"), report.html());
    }

    @Test
    void html_isOneFile_thatNeedsNothingElse() throws Exception {
        pages("<script>alert(1)</script>", 1, 3, 1, END);
        String html = report().html();

        assertThat(html)
                .startsWith("<!doctype html>")
                .contains("DiskAlmostFull", "demote to ticket", "conjunct report --patch")
                .contains("hit_p99 &gt; 1000ms alone 41 pages, hit_ratio &gt; 80% alone 17, together 9")
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script", "src=", "href=\"http", "@import");
        assertThat(html.split("<svg", -1)).as("two charts").hasSize(3);
        Files.writeString(Path.of("target", "report.html"), html);
    }

    @Test
    void patch_changesOneLineOfTheRightRule() throws Exception {
        Path file = directory.resolve("disk.yaml");
        Files.writeString(file, """
                groups:
                - name: disk
                  rules:
                  - alert: DiskFull
                    when: a > 1 AND b > 2
                    tier: page
                  - alert: DiskAlmostFull
                    when: a > 1
                    tier: page   # wakes people
                    owner: team
                  - {alert: Flow, when: a > 1, tier: page}
                """);
        Gate.Finding finding =
                new Gate.Finding(Gate.Decision.PROPOSE_TICKET, 0.99, "0 of 6 judged episodes were incidents");

        assertThat(RulePatch.demote(directory, "DiskAlmostFull", finding).orElseThrow())
                .startsWith("DiskAlmostFull: page to ticket, 0 of 6 judged episodes were incidents\n\ndiff --git a/")
                .endsWith("""
                        @@ -6,6 +6,6 @@
                             tier: page
                           - alert: DiskAlmostFull
                             when: a > 1
                        -    tier: page   # wakes people
                        +    tier: ticket   # wakes people
                             owner: team
                           - {alert: Flow, when: a > 1, tier: page}
                        """);
        assertThat(RulePatch.demote(directory, "Flow", finding).orElseThrow())
                .contains("+  - {alert: Flow, when: a > 1, tier: ticket}");
        assertThat(RulePatch.demote(directory, "Nothing", finding)).isEmpty();

        Gate.Finding further = new Gate.Finding(Gate.Decision.PROPOSE_ANNOTATE, 0.99, "0 of 4 were");
        assertThat(RulePatch.demote(directory, "Flow", further)).isEmpty();
        Files.writeString(file, "  - {alert: Flow, when: a > 1, tier: ticket}\n");
        assertThat(RulePatch.demote(directory, "Flow", further).orElseThrow())
                .startsWith("Flow: ticket to annotate, 0 of 4 were")
                .contains("+  - {alert: Flow, when: a > 1, tier: annotate}");
    }
}
