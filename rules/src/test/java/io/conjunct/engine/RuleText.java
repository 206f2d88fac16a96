// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.rule.Loaded;
import io.conjunct.rule.RuleLoader;
import io.conjunct.rule.RuleSet;
import io.conjunct.rule.RuleSource;
import java.util.List;

/** Rules for tests, written as users write them. */
public final class RuleText {
    private RuleText() {}

    /** Reads a file; one with an error fails the test. */
    public static RuleSet load(String yaml) {
        Loaded loaded = RuleLoader.load(List.of(new RuleSource("test.yaml", yaml)), "r1");
        assertThat(loaded.ruleSet()).as("%s", loaded.diagnostics()).isPresent();
        return loaded.ruleSet().orElseThrow();
    }

    /** A group named g with these signals and one rule named Test, both in YAML flow style. */
    public static RuleSet rule(String signals, String rule) {
        return load("groups:\n- name: g\n  owner: team\n  signals:\n    "
                + signals.strip().replace("\n", "\n    ")
                + "\n  rules:\n  - alert: Test\n    tier: ticket\n"
                + "    annotations: {summary: \"test\", runbook_url: \"https://runbooks.example.com/test\"}\n    "
                + rule.strip().replace("\n", "\n    ") + "\n");
    }
}
