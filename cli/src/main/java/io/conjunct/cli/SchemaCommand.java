// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.rule.RuleSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code conjunct schema}: what editors complete and check rule files with. */
@Command(
        name = "schema",
        description = "Print the JSON Schema of rule files, for editors.",
        footer = {
            "",
            "conjunct schema > conjunct.schema.json, and in the first line of a rule file:",
            "# yaml-language-server: $schema=./conjunct.schema.json"
        })
final class SchemaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(RuleSchema.text());
        spec.commandLine().getOut().flush();
        return Conjunct.EXIT_OK;
    }
}
