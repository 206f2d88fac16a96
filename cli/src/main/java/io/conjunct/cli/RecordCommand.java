// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.IncidentFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conjunct record}: copies the event log into a file. */
@Command(
        name = "record",
        description = "Copy recorded events from Kafka into a file, for backtest, explain and suggest.")
final class RecordCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", required = true, description = "A Kafka broker.")
    private String kafka = "";

    @Mixin
    private final TopicOptions topics = new TopicOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The file to write, such as march.events; an existing one is replaced.")
    private Path output = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Leave out what Kafka received before, such as 2026-03-01T00:00:00Z (default: everything).")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "Leave out what Kafka received from then on (default: everything there now).")
    private @Nullable String to;

    @Override
    public Integer call() throws IOException {
        BrokerProbe.requireAnswer(kafka);
        try (ProgressBar bar = ProgressBar.forPeople()) {
            EventLogCopy.Size copied = EventLogCopy.toFile(
                    kafka, topics.topics().events(), time("--from", from), time("--to", to), output, bar);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%,d records of %d partitions, %,d bytes -> %s%n",
                            copied.records(), copied.partitions(), copied.bytes(), output);
        }
        return Conjunct.EXIT_OK;
    }

    private static OptionalLong time(String option, @Nullable String text) {
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(IncidentFile.time(text));
        } catch (DateTimeException e) {
            throw new LoadProblem(option + ": '" + text + "' is not a time (expected: such as 2026-03-01T10:00:00Z)");
        }
    }
}
