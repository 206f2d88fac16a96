// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.scenario.Suite.End;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test file can be told, and what its reports say. */
final class TestReportTest {
    private static final String RULES = """
            rules:
              groups:
              - name: g
                owner: team
                signals:
                  level: {measure: max(value), of: metric level, over: 1m, by: [host]}
                rules:
                - alert: High
                  when: level > 5
                  on: [host]
                  tier: ticket
                  annotations: {summary: "high", runbook_url: "https://runbooks.example.com/high"}
            until: 5m
            tests:
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Suite suite(String tests) throws IOException {
        Path file = directory.resolve("a.test.yaml");
        Files.writeString(file, RULES + tests);
        return Suite.run(List.of(file));
    }

    @Test
    void passedTest_isOneLine() throws IOException {
        Suite suite = suite("""
                - name: high on a
                  given: [{every: 10s, to: 5m, burst: 2, metric: {metric.name: level, host: [a, b], value: [9, 1]}}]
                  expect: [{alert: High, labels: {host: a}, firing: 10s}]
                """);
        assertThat(suite.end()).isEqualTo(End.PASSED);
        assertThat(TestReport.TEXT.of(suite, true))
                .contains(
                        "✓ high on a  (5m in ", "1 of 1 rules fired", "level > 5  never unknown", "1 test, all passed");
    }

    @Test
    void failedTest_showsBothEpisodesAndTheTimeline() throws IOException {
        Suite suite = suite("""
                - name: later
                  given: [{every: 10s, to: 5m, metric: {metric.name: level, host: a, value: {ramp: [0, 10]}}}]
                  expect: [{alert: High, firing: 3m, resolved: 4m}]
                """);
        assertThat(suite.end()).isEqualTo(End.FAILED);
        assertThat(TestReport.TEXT.of(suite, false))
                .contains("expected  firing 3m  resolved 4m", "was       ticket  firing 2m40s  until the end")
                .contains("level > 5  ▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███  0 … 10")
                .contains("           FFFFFFFFFFFFFFFTTTTTTTTTTTTTTT")
                .contains("    alert  ···············███████████████")
                .contains(" expected  ·················██████······");
        assertThat(TestReport.GITHUB.of(suite, false))
                .startsWith("::error file=")
                .contains("line=17", "later: High{host=a}");
        assertThat(TestReport.JSON.of(suite, false)).contains("\"result\" : \"failed\"", "\"firing\" : 160000");
    }

    @Test
    void junitReport_isXmlThatCountsFailures() throws Exception {
        Suite suite = suite("""
                - {name: "a < b & c", given: [], expect: [{alert: High, firing: 3m}]}
                - {name: nothing, given: [], expect: []}
                """);
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        TestReport.JUNIT.of(suite, false).getBytes(StandardCharsets.UTF_8)));
        var testsuite = document.getElementsByTagName("testsuite").item(0).getAttributes();
        assertThat(testsuite.getNamedItem("tests").getNodeValue()).isEqualTo("2");
        assertThat(testsuite.getNamedItem("failures").getNodeValue()).isEqualTo("1");
        assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(1);
    }

    @Test
    void mistakes_areFindingsWithPlaceAndFix() throws IOException {
        Suite suite = suite("""
                - name: wrong
                  givn: []
                  given:
                  - {every: 10s, to: 5m, span: {duration: 20}}
                  - {every: 10s, metric: {metric.name: level, value: fast}}
                  - {at: 5 minutes, event: x}
                  - {event: x}
                  expect: [{alert: High, fires: 3m}]
                """);
        assertThat(suite.end()).isEqualTo(End.BROKEN);
        assertThat(TestReport.TEXT.of(suite, false))
                .contains("16:3: error: unknown key `givn` [key/unknown]", "did you mean `given`?")
                .contains("write its unit, as in 20ms")
                .contains("`to` is missing")
                .contains("`fast` is not a number")
                .contains("write 5m")
                .contains("when does this happen?")
                .contains("unknown key `fires`")
                .doesNotContain("`value` is missing");
    }

    @Test
    void sameFile_playedTwice_isTheSame() throws IOException {
        String tests = """
                - name: noise
                  given: [{every: 1s, to: 5m, jitter: 20s, metric: {metric.name: level, host: a, value: {lognormal: {median: 3, sigma: 0.4}}}}]
                  expect: []
                """;
        assertThat(json(suite(tests))).isEqualTo(json(suite(tests)));
    }

    private static String json(Suite suite) {
        return TestReport.JSON.of(suite, false).replaceAll("\"took_ms\" : \\d+", "");
    }
}
