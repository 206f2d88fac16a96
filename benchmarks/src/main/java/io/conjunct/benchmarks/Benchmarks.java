// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks;

import io.conjunct.benchmarks.micro.CpuTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the micro benchmarks whose name contains one of the arguments (all without any) and writes the results file. */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) throws RunnerException, IOException {
        OptionsBuilder options = new OptionsBuilder();
        for (String arg : args) {
            options.include(arg);
        }
        options.shouldFailOnError(true);
        options.addProfiler(CpuTime.class);
        List<Results.Row> rows = new ArrayList<>();
        for (RunResult run : new Runner(options.build()).run()) {
            rows.add(Results.Row.of(run));
        }
        Path file = Path.of("benchmarks", "RESULTS.md");
        Results.write(file, rows);
        System.out.println("written: " + file);
    }
}
