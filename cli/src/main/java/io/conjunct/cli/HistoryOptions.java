// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.engine.EngineSettings;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A recorded past, and the rules to look at it with. */
final class HistoryOptions {
    private static final String DEFAULT_RULES = "rules";

    @Option(
            names = "--history",
            paramLabel = "FILE",
            arity = "1..*",
            description = "What `conjunct record` wrote, oldest first; or OTLP JSON lines, plain or gzip, as the"
                    + " OpenTelemetry Collector's file exporter writes them.")
    List<Path> files = new ArrayList<>();

    /** What one might also call it. */
    @Option(
            names = {"--from", "--events"},
            paramLabel = "FILE",
            description = "The same as --history.",
            arity = "1..*",
            hidden = true)
    List<Path> alsoFiles = new ArrayList<>();

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Instead of files: what is in the event log of this broker now.")
    @Nullable
    String kafka;

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = TopicOptions.DEFAULT_PREFIX,
            description = "With a broker: what the names of all topics begin with (default: ${DEFAULT-VALUE}).")
    String topicPrefix = TopicOptions.DEFAULT_PREFIX;

    @Option(
            names = "--rules",
            paramLabel = "DIR",
            defaultValue = DEFAULT_RULES,
            description = "Rule files, *.yaml (default: ${DEFAULT-VALUE}).")
    Path rules = Path.of(DEFAULT_RULES);

    @Option(
            names = "--tick",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How often conditions are evaluated, in event time; as in production (default:"
                    + " ${DEFAULT-VALUE}).")
    Duration tick = Duration.ofSeconds(10);

    @Option(
            names = "--allowed-lateness",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "With OTLP files: how long a sidecar would have waited for events out of order (default:"
                    + " ${DEFAULT-VALUE}).")
    Duration allowedLateness = Duration.ofSeconds(10);

    EngineSettings engine() {
        try {
            return EngineSettings.of(tick);
        } catch (IllegalArgumentException e) {
            throw new LoadProblem("--tick: " + e.getMessage());
        }
    }

    /** Whether rules were named, or are where they would be looked for. */
    boolean hasRules() {
        return !rules.equals(Path.of(DEFAULT_RULES)) || Files.exists(rules);
    }

    /** Opens the past; of OTLP files only what these rules read is kept. */
    HistorySource open(RuleSet... read) throws IOException {
        return open(OptionalLong.empty(), read);
    }

    /**
     * Opens the past up to an instant, as far as that can be told beforehand.
     *
     * @param toMillis what came to Kafka later is left out
     */
    HistorySource open(OptionalLong toMillis, RuleSet... read) throws IOException {
        List<Path> all = new ArrayList<>(files);
        all.addAll(alsoFiles);
        if (all.isEmpty() == (kafka == null)) {
            throw new LoadProblem("which past? Give --history FILE, as `conjunct record` or the OpenTelemetry"
                    + " Collector's file exporter writes it, or --kafka HOST:PORT");
        }
        return kafka != null
                ? HistorySource.ofTopic(kafka, topicPrefix, toMillis)
                : HistorySource.ofFiles(all, List.of(read), tick, allowedLateness);
    }

    /** One core per rule group is of use, and the machine may have other work. */
    static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }
}
