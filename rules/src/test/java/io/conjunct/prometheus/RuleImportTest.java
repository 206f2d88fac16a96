// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.check.Diagnostic;
import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.Recording;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleImportTest {
    private static String text(String file) throws IOException {
        try (InputStream in = requireNonNull(RuleImportTest.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static RuleImport.Outcome imported(String file) throws IOException {
        return importedText(text(file));
    }

    private static RuleImport.Outcome importedText(String text) {
        return RuleImport.of(List.of(new RuleSource("prometheus.yml", text)), Map.of(), "imported.yaml");
    }

    private static RuleImport.Outcome importedExpression(String expression) {
        return importedText("groups: [{name: g, rules: [{alert: A, expr: '" + expression.replace("'", "''") + "'}]}]");
    }

    private static RuleSet load(String yaml) {
        String owned = yaml.replaceAll("- name: (.*)\n    signals", "- name: $1\n    owner: team\n    signals");
        return RuleLoader.load(List.of(new RuleSource("imported.yaml", owned)), "r")
                .ruleSet()
                .orElseThrow();
    }

    @Test
    void rulesOfAService_areAllCarriedOver() throws IOException {
        RuleImport.Outcome outcome = imported("service.rules.yml");
        assertThat(outcome.rules()).filteredOn(rule -> !rule.isCarried()).allMatch(ImportedRule::recording);
        assertThat(outcome.rules()).hasSize(9);
        assertThat(whens(outcome.yaml()))
                .containsExactly(
                        "HighErrorRatio: http_requests_rate / http_requests_rate_2 > 0.05",
                        "SlowRequests: http_request_duration_seconds_p99 > 750ms",
                        "SlowAndBusy: http_request_duration_seconds_p95 > 2000ms AND http_requests_rate_3 > 100",
                        "TooManyRetries: payment_retries_sum >= 20",
                        "TooManyRetries_2: payment_retries_sum >= 200",
                        "QueueFull: queue_length_max > 0.9 * queue_capacity_max",
                        "HeartbeatMissing: checkout_heartbeat_count < 1",
                        "PoolExhausted: (db_pool_used_avg - 2) * 100 > 80 AND NOT (maintenance_mode_last = 1)");
    }

    private static List<String> whens(String yaml) {
        Matcher rule = Pattern.compile("alert: (\\S+)\\n +when: (.+)\\n").matcher(yaml);
        return rule.results().map(r -> r.group(1) + ": " + r.group(2)).toList();
    }

    @Test
    void result_hasNoErrorButWhatAPageNeedsFromAPerson() throws IOException {
        List<Diagnostic> toDo = imported("service.rules.yml").toDo();
        assertThat(toDo)
                .extracting(Diagnostic::id)
                .containsOnly(
                        "rule/single-signal", "rule/missing-runbook", "rule/missing-summary", "signal/constant-label");
        assertThat(toDo)
                .filteredOn(Diagnostic::isError)
                .extracting(Diagnostic::id)
                .containsOnly("rule/single-signal", "rule/missing-runbook", "rule/missing-summary");
    }

    @Test
    void whatMeansSomethingElse_isSaid() throws IOException {
        Map<String, ImportedRule> rules = new LinkedHashMap<>();
        imported("service.rules.yml").rules().forEach(rule -> rules.put(rule.place(), rule));
        assertThat(requireNonNull(rules.get("prometheus.yml:47")).changes())
                .anyMatch(change -> change.startsWith("`unless` is AND NOT"))
                .anyMatch(change -> change.contains("`db_pool_used`: one alert for all its series together"))
                .anyMatch(change -> change.startsWith("the label `level` is a template"));
        assertThat(requireNonNull(rules.get("prometheus.yml:34")).changes())
                .anyMatch(change -> change.startsWith("it is called `TooManyRetries_2`"));
    }

    @Test
    void rulesWithoutCounterpart_areRefusedEachWithItsReason() throws IOException {
        RuleImport.Outcome outcome = imported("node.rules.yml");
        assertThat(outcome.yaml()).isEmpty();
        assertThat(outcome.rules())
                .extracting(rule -> rule.name() + ": " + rule.notCarried())
                .satisfiesExactly(
                        line -> assertThat(line).contains("TargetDown", "nothing is scraped here"),
                        line -> assertThat(line).contains("DiskWillFill", "`predict_linear` has no counterpart"),
                        line -> assertThat(line).contains("LikeLastWeek", "baseline(signal, 7d)"),
                        line -> assertThat(line).contains("ManyDown", "nothing is scraped here"),
                        line -> assertThat(line).contains("Busiest", "`topk` chooses among series"),
                        line -> assertThat(line).contains("Smooth", "a subquery"),
                        line -> assertThat(line).contains("Recorded", "a recording rule computes"),
                        line -> assertThat(line).contains("Exists", "compares nothing"),
                        line -> assertThat(line).contains("NeverFires", "never fires in Prometheus either"),
                        line -> assertThat(line).contains("Enriched", "`group_left`"),
                        line -> assertThat(line).contains("Buckets", "`ratio` over spans"),
                        line -> assertThat(line).contains("Labelled", "whether a label is there"),
                        line -> assertThat(line).contains("Broken", "(expected: `,`)"),
                        line -> assertThat(line).contains("Clock", "`time` has no counterpart"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sum(rate(a_total[1m])) > 5                                    | a_rate > 5
            5 < sum(rate(a_total[1m]))                                    | 5 < a_rate
            a > 1 or b < 2 and c >= 3                                     | a_max > 1 OR (b_min < 2 AND c_max >= 3)
            (a > 1 or b < 2) and c != 3                                   | (a_max > 1 OR b_min < 2) AND c_last != 3
            a - b * 2 > -1                                                | a_max - (b_min * 2) > -1
            histogram_quantile(0.999, rate(d_seconds_bucket[1h])) > 1e2   | d_seconds_p99.9 > 100s
            avg_over_time(d_seconds[1h]) > 0.0005                         | d_seconds_avg > 0.5ms
            absent_over_time(a{x="y"}[10m])                               | a_count < 1
            a > on (x) b                                                  | a_max > b_min
            """)
    void expression_becomesACondition(String expression, String condition) {
        RuleImport.Outcome outcome = importedExpression(expression);
        assertThat(outcome.rules()).allMatch(ImportedRule::isCarried);
        String wanted = condition.replace("p99.9", "p99_9");
        assertThat(whens(outcome.yaml())).containsExactly("A: " + wanted);
        assertThat(outcome.toDo())
                .filteredOn(Diagnostic::isError)
                .extracting(Diagnostic::id)
                .containsExactly("rule/missing-owner");
    }

    @Test
    void labelsOfOn_tellTheSeriesApart() {
        String yaml =
                importedExpression("latency > 1 and on (service) errors > 5").yaml();
        assertThat(load(yaml).groups().get(0).rules().get(0).on()).containsExactly("service");
    }

    @Test
    void namesOfMetrics_areThoseThatWereGiven() {
        RuleImport.Outcome outcome = RuleImport.of(
                List.of(new RuleSource(
                        "p.yml", "groups: [{name: g, rules: [{alert: A, expr: 'rate(a_b_total[5m]) > c'}]}]")),
                Map.of("a_b_total", "a.b"),
                "i.yaml");
        assertThat(outcome.yaml()).contains("of: metric a.b\n");
        assertThat(outcome.unnamedMetrics()).containsExactly("c");
    }

    @Test
    void importedRule_decidesWhatItSays() throws IOException {
        Recording recording = new Recording().until(ofMinutes(30));
        for (int i = 0; i < 1_800; i++) {
            int errors = i < 600 ? 2 : 10;
            recording.metric(ofSeconds(i), "checkout", "http_requests", Map.of("code", "500"), errors);
            recording.metric(ofSeconds(i), "checkout", "http_requests", Map.of("code", "200"), 100 - errors);
        }
        String service = text("service.rules.yml");
        String first = service.substring(0, service.indexOf("  - alert: SlowRequests"));
        List<String> story =
                recording
                        .play(
                                EngineSettings.of(ofSeconds(30)),
                                load(importedText(first).yaml()))
                        .story()
                        .stream()
                        .filter(line -> line.contains("HighErrorRatio"))
                        .toList();
        // 2 % is fine; 10 % pushes the 5-minute ratio above 5 % when 3/8 of the window has it.
        assertThat(story)
                .containsExactly(
                        "720s HighErrorRatio{service.name=checkout, team=checkout} pending",
                        "1320s HighErrorRatio{service.name=checkout, team=checkout} firing");
    }

    /** Whatever is written as an expression, the answer is a rule or a reason. */
    @Test
    void mutatedExpressions_areCarriedOverOrRefused() throws IOException {
        String seedText =
                imported("service.rules.yml").yaml() + "sum by (le) (rate(x_bucket{a=~\"b\"}[5m])) > 0.5 and on (c) d";
        Random random = new Random(11);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder expression =
                    new StringBuilder("histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 0.5");
            for (int edits = random.nextInt(6); edits >= 0; edits--) {
                int at = random.nextInt(expression.length());
                int from = random.nextInt(seedText.length() - 8);
                expression.replace(
                        at,
                        Math.min(expression.length(), at + random.nextInt(5)),
                        seedText.substring(from, from + random.nextInt(8)));
            }
            try {
                assertThat(QueryParser.parse(expression.toString())).isNotNull();
            } catch (NotCarried refused) {
                assertThat(refused).hasMessageMatching("(?s).{5,}");
            }
        }
    }

    @Test
    void documentation_showsWhatTheImportWrites() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "import.md"));
        List<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(2);
        assertThat(importedText(blocks.get(0)).yaml()).isEqualTo(blocks.get(1));
    }
}
