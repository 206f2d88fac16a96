// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.Truth;
import io.conjunct.check.Diagnostic;
import java.util.Locale;
import java.util.OptionalLong;

/** The results of tests as one JSON object; times are milliseconds of the timeline. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    static String of(Suite suite) {
        ObjectNode root = JSON.createObjectNode();
        root.put("result", suite.end().name().toLowerCase(Locale.ROOT));
        ArrayNode files = root.putArray("files");
        suite.files().forEach(file -> file(file, files.addObject()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    private static void file(FileOutcome file, ObjectNode node) {
        node.put("path", file.file().path());
        ArrayNode problems = node.putArray("problems");
        for (Diagnostic d : file.file().problems()) {
            problems.addObject()
                    .put("id", d.id())
                    .put("path", d.path())
                    .put("line", d.line())
                    .put("column", d.column())
                    .put("message", d.message())
                    .put("fix", d.fix());
        }
        ArrayNode tests = node.putArray("tests");
        for (Outcome outcome : file.outcomes()) {
            ObjectNode test = tests.addObject();
            test.put("name", outcome.name())
                    .put("line", outcome.place().line())
                    .put("passed", outcome.passed())
                    .put("took_ms", outcome.tookNanos() / 1_000_000);
            if (!outcome.unmet().isEmpty()) {
                test.put("unmet", outcome.unmet());
            }
            ArrayNode mismatches = test.putArray("mismatches");
            for (Mismatch mismatch : outcome.mismatches()) {
                ObjectNode pair = mismatches.addObject();
                mismatch.expected()
                        .ifPresent(e -> episode(pair, "expected", e.alert(), e.pending(), e.firing(), e.resolved()));
                mismatch.seen()
                        .ifPresent(s -> episode(pair, "was", s.identity(), s.pending(), s.firing(), s.resolved()));
            }
        }
        file.coverage().ifPresent(coverage -> {
            ArrayNode gaps = node.putArray("never");
            for (Coverage.Gap gap : coverage.gaps()) {
                ArrayNode never = gaps.addObject()
                        .put("rule", gap.rule())
                        .put("leg", gap.leg())
                        .putArray("values");
                gap.never().stream().map(Truth::word).forEach(never::add);
            }
        });
    }

    private static void episode(
            ObjectNode parent, String key, String alert, OptionalLong pending, long firing, OptionalLong resolved) {
        ObjectNode node = parent.putObject(key).put("alert", alert);
        pending.ifPresent(p -> node.put("pending", p));
        node.put("firing", firing);
        resolved.ifPresent(r -> node.put("resolved", r));
    }
}
