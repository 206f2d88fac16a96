// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code conjunct demo}. */
@Command(
        name = "demo",
        description = "Watch one incident: weather is ignored, one page goes out, it resolves. Two minutes.")
final class DemoCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new ConfigurationProblem("this build has no demo");
    }
}
