// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import io.conjunct.rule.Loaded;
import io.conjunct.rule.Rule;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSource;
import java.util.List;

/** A rule file with the signals most tests need, and one rule or signal that the test is about. */
public final class RuleFile {
    static final String HEAD = """
            groups:
            - name: test
              owner: platform
              signals:
                faults: {measure: ratio(status = "error"), of: span, where: {service.name: api}, over: 10m}
                cold: {measure: ratio(cache.hit = false), of: span, where: {service.name: api}, over: 10m}
                p99: {measure: p99(duration), of: span, where: {service.name: api}, over: 10m}
                p50_hour: {measure: p50(duration), of: span, where: {service.name: api}, over: 1h}
                requests: {measure: count, of: span, where: {service.name: api}, over: 10m}
                errors: {measure: count, of: span, where: {service.name: api, status: error}, over: 10m}
                request_rate: {measure: rate, of: span, where: {service.name: api}, over: 10m}
                all_requests: {measure: count, of: span, over: 10m}
                failures: {measure: count, of: event run.failed, over: 10m}
                lag: {measure: max(value), of: metric lag, unit: s, over: 10m, by: [region]}
                size: {measure: max(value), of: metric size, unit: By, over: 10m}
                queue: {measure: last(value), of: metric queue, over: 10m}
                region_p99: {measure: p99(duration), of: span, over: 10m, by: [region]}
                pod_p99: {measure: p99(duration), of: span, over: 10m, by: [region, pod]}
                zone_p99: {measure: p99(duration), of: span, over: 10m, by: [region, zone]}
                cluster_lag: {measure: max(value), of: metric lag, unit: s, over: 10m, by: [cluster]}
            """;

    private static final String ANNOTATIONS =
            "    annotations: {summary: Slow, runbook_url: \"https://runbooks.example.com/slow\"}\n";

    private RuleFile() {}

    /** A rule with all it needs beside the keys given, each on a line of its own. */
    public static Loaded rule(String... keys) {
        StringBuilder text = new StringBuilder(HEAD).append("  rules:\n  - alert: Tested\n");
        boolean annotated = false;
        for (String key : keys) {
            text.append("    ").append(key).append('\n');
            annotated |= key.startsWith("annotations");
        }
        return load(text + (annotated ? "" : ANNOTATIONS));
    }

    /** A page with this condition and nothing else said. */
    public static Loaded page(String when, String... keys) {
        String[] all = new String[keys.length + 2];
        all[0] = "when: " + when;
        all[1] = "tier: page";
        System.arraycopy(keys, 0, all, 2, keys.length);
        return rule(all);
    }

    /** A rule that costs nobody anything, so that only its condition matters. */
    public static Loaded condition(String when, String... keys) {
        String[] all = new String[keys.length + 2];
        all[0] = "when: " + when;
        all[1] = "tier: annotate";
        System.arraycopy(keys, 0, all, 2, keys.length);
        return rule(all);
    }

    /** The signal {@code tested}, read by a rule. */
    public static Loaded signal(String entries) {
        return load(HEAD + "    tested: {" + entries
                + "}\n  rules:\n  - {alert: Tested, when: tested / tested = 1, tier: annotate}\n");
    }

    public static Loaded load(String text) {
        return RuleLoader.load(List.of(new RuleSource("test.yaml", text)), "r1");
    }

    /** What is found, without the signals that only other tests read, and groups in which only signals are tested. */
    public static List<String> ids(Loaded loaded) {
        return found(loaded).stream().map(Diagnostic::id).toList();
    }

    public static List<Diagnostic> found(Loaded loaded) {
        return loaded.diagnostics().stream()
                .filter(d -> !d.id().equals("signal/unused") && !d.id().equals("group/empty"))
                .toList();
    }

    /** The tested rule of a file without errors. */
    public static Rule ruleOf(Loaded loaded) {
        return loaded.ruleSet()
                .orElseThrow(() -> new AssertionError(loaded.diagnostics()))
                .groups()
                .get(0)
                .rules()
                .get(0);
    }
}
