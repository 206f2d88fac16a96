// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.backtest.BacktestReport.Change;
import io.conjunct.backtest.BacktestReport.Revision;
import io.conjunct.backtest.BacktestReport.RivalScore;
import io.conjunct.backtest.BacktestReport.RuleScore;
import java.time.Instant;
import java.util.List;

/** A report for programs. Members keep their order; a number that is not known is {@code null}; durations are seconds. */
public final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    public static String write(BacktestReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("verdict", report.findings().isEmpty() ? "ok" : "failed");
        root.put("from", Instant.ofEpochMilli(report.stretch().fromMillis()).toString());
        root.put("to", Instant.ofEpochMilli(report.stretch().toMillis()).toString());
        root.put("events", report.stretch().events());
        root.put("incidents", report.incidents());
        ArrayNode findings = root.putArray("findings");
        report.findings()
                .forEach(f -> findings.addObject()
                        .put("id", f.id())
                        .put("rule", f.rule())
                        .put("text", f.text()));
        texts(root.putArray("notes"), report.notes());
        ArrayNode revisions = root.putArray("revisions");
        for (Revision revision : report.revisions()) {
            ObjectNode node = revisions.addObject().put("revision", revision.name());
            score(node.putObject("total"), revision.total(), report.stretch());
            ArrayNode rules = node.putArray("rules");
            revision.rules().forEach(r -> rule(rules.addObject(), r, report.stretch()));
        }
        ArrayNode changes = root.putArray("changes");
        for (Change change : report.changes()) {
            ObjectNode node = changes.addObject();
            node.put("group", change.group()).put("rule", change.rule()).put("change", change.word());
            texts(node.putArray("lost"), change.lost());
            texts(node.putArray("gained"), change.gained());
        }
        return pretty(root);
    }

    static String pretty(ObjectNode root) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return JSON.writer(printer).writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can be written", e);
        }
    }

    private static void rule(ObjectNode node, RuleScore rule, Stretch stretch) {
        node.put("group", rule.group())
                .put("rule", rule.rule())
                .put("tier", rule.tier().word());
        node.put("shadow", rule.shadow());
        texts(node.putArray("definition"), rule.definition());
        score(node.putObject("score"), rule.score(), stretch);
        ArrayNode rivals = node.putArray("legs_alone");
        for (RivalScore rival : rule.rivals()) {
            ObjectNode of = rivals.addObject();
            of.put("leg", rival.leg()).put("text", rival.text()).put("two_ticks", rival.twoTicks());
            score(of.putObject("score"), rival.score(), stretch);
        }
    }

    static void score(ObjectNode node, Score score, Stretch stretch) {
        node.put("pages", score.pages());
        node.put("true_pages", score.truePages());
        node.put("false_pages", score.falsePages());
        texts(node.putArray("caught"), score.caught());
        texts(node.putArray("missed"), score.missed());
        number(node, "precision", score.precision());
        number(node, "recall", score.recall());
        number(node, "false_pages_per_week", score.falsePagesPerWeek(stretch));
        number(node, "page_to_incident", score.pageToIncident());
        number(node, "true_pages_per_incident", score.repeats());
        number(node, "delay_p50_s", Score.percentile(score.delaysMillis(), 0.5) / 1000);
        number(node, "delay_p95_s", Score.percentile(score.delaysMillis(), 0.95) / 1000);
        number(node, "reset_p50_s", Score.percentile(score.resetsMillis(), 0.5) / 1000);
        node.put("unresolved", score.unresolved());
        node.put("evidence_lost", score.evidenceLost());
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
