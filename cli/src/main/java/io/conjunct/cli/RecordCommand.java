// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.IncidentFile;
import io.conjunct.history.HistoryWriter;
import io.conjunct.ingest.file.OtlpHistory;
import io.conjunct.ingest.profile.IngestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conjunct record}: copies the event log, or OTLP files, into a file. */
@Command(
        name = "record",
        description = "Make a file for backtest, explain and suggest: of the event log in Kafka, or of OTLP files.")
final class RecordCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "A Kafka broker.")
    private @Nullable String kafka;

    @Option(
            names = "--otlp",
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    "Instead: OTLP JSON lines, plain or gzip, as the OpenTelemetry Collector's file exporter writes"
                            + " them. All attributes are kept.")
    private List<Path> otlp = new ArrayList<>();

    @Option(
            names = "--tick",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "With --otlp: the engine's tick (default: ${DEFAULT-VALUE}).")
    private Duration tick = Duration.ofSeconds(10);

    @Option(
            names = "--allowed-lateness",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "With --otlp: how long a sidecar would have waited for events out of order (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration allowedLateness = Duration.ofSeconds(10);

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
        if (otlp.isEmpty() == (kafka == null)) {
            throw new LoadProblem("record what? Give --kafka HOST:PORT, or --otlp FILE");
        }
        if (kafka == null) {
            convert();
        } else {
            copy(kafka);
        }
        return Conjunct.EXIT_OK;
    }

    private void convert() throws IOException {
        OtlpHistory.Summary summary;
        try (HistoryWriter writer = HistoryWriter.create(output, 1);
                ProgressBar bar = ProgressBar.forPeople()) {
            summary = new OtlpHistory(IngestProfile.keepEverything(), tick, allowedLateness).convert(otlp, writer, bar);
            spec.commandLine()
                    .getOut()
                    .printf("%,d events, %,d bytes -> %s%n", summary.events(), writer.bytes(), output);
        } catch (NoSuchFileException e) {
            throw new LoadProblem("--otlp " + e.getFile() + ": there is no such file");
        } catch (IOException e) {
            Files.deleteIfExists(output);
            throw new LoadProblem("--otlp: " + e.getMessage());
        }
        summary.notes().forEach(n -> spec.commandLine().getErr().println("note: " + n));
    }

    private void copy(String bootstrap) throws IOException {
        BrokerProbe.requireAnswer(bootstrap);
        try (ProgressBar bar = ProgressBar.forPeople()) {
            EventLogCopy.Size copied = EventLogCopy.toFile(
                    bootstrap, topics.topics().events(), time("--from", from), time("--to", to), output, bar);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%,d records of %d partitions, %,d bytes -> %s%n",
                            copied.records(), copied.partitions(), copied.bytes(), output);
        }
    }

    private static OptionalLong time(String option, @Nullable String text) {
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(IncidentFile.time(text));
        } catch (DateTimeException e) {
            throw new LoadProblem(option + ": '" + text + "' is not a time (expected: such as 2026-03-01T10:00:00Z)");
        }
    }
}
