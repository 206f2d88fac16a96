// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.rule.RuleSource;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The three forms of a report. */
class ReportTest {
    private static final Diagnostic ERROR = Diagnostic.error(
            "unit/mismatch", new Place("rules/a,b.yaml", 2, 13, 4), "`p99` is a duration, 100% is not", "write 1000ms");

    private static final RuleSource SOURCE = new RuleSource("rules/a,b.yaml", "rules:\n  when: p99 1000\n");

    @Test
    void text_showsTheLine() {
        assertThat(Report.TEXT.of(List.of(ERROR), List.of(SOURCE))).isEqualTo("""
                rules/a,b.yaml:2:13: error: `p99` is a duration, 100% is not [unit/mismatch]
                  |
                2 |   when: p99 1000
                  |             ^^^^ write 1000ms
                """);
    }

    @Test
    void text_withoutTheSource_stillTellsTheFix() {
        assertThat(Report.TEXT.of(List.of(ERROR), List.of())).isEqualTo("""
                rules/a,b.yaml:2:13: error: `p99` is a duration, 100% is not [unit/mismatch]
                  = write 1000ms
                """);
    }

    @Test
    void text_cutsLongLinesAroundTheCarets() {
        String line = "x".repeat(300) + "HERE" + "y".repeat(300);
        Diagnostic far = Diagnostic.warning("a/b", new Place("a.yaml", 1, 301, 4), "m", "");
        List<String> report = Report.TEXT
                .of(List.of(far), List.of(new RuleSource("a.yaml", line)))
                .lines()
                .toList();
        assertThat(report.get(2))
                .hasSizeLessThan(130)
                .contains("…x")
                .contains("HERE")
                .endsWith("y…");
        assertThat(report.get(3).indexOf('^')).isEqualTo(report.get(2).indexOf("HERE"));
        assertThat(report.get(3)).endsWith("^^^^");
    }

    @Test
    void noFindings_areNoText() {
        assertThat(Report.TEXT.of(List.of(), List.of(SOURCE))).isEmpty();
        assertThat(Report.GITHUB.of(List.of(), List.of(SOURCE))).isEmpty();
        assertThat(Report.JSON.of(List.of(), List.of(SOURCE)).strip()).isEqualTo("[ ]");
    }

    @Test
    void json_hasAllComponents() throws IOException {
        JsonNode json = new ObjectMapper().readTree(Report.JSON.of(List.of(ERROR), List.of(SOURCE)));
        assertThat(json).hasSize(1);
        assertThat(json.get(0).toString())
                .isEqualTo(
                        "{\"id\":\"unit/mismatch\",\"severity\":\"error\",\"path\":\"rules/a,b.yaml\",\"line\":2,\"column\":13,"
                                + "\"length\":4,\"message\":\"`p99` is a duration, 100% is not\",\"fix\":\"write 1000ms\"}");
    }

    @Test
    void github_isEscaped() {
        assertThat(Report.GITHUB.of(List.of(ERROR), List.of(SOURCE)))
                .isEqualTo("::error file=rules/a%2Cb.yaml,line=2,col=13,endColumn=17,title=unit/mismatch::"
                        + "`p99` is a duration, 100%25 is not: write 1000ms\n");
    }
}
