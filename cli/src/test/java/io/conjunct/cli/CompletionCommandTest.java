// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class CompletionCommandTest {
    @Test
    void completion_knowsEveryCommand() {
        StringWriter out = new StringWriter();
        assertThat(Conjunct.commandLine().setOut(new PrintWriter(out)).execute("completion"))
                .isZero();
        assertThat(out.toString())
                .contains("complete -F _complete_conjunct")
                .contains(Conjunct.commandLine().getSubcommands().keySet())
                .contains("--allowed-lateness");
    }
}
