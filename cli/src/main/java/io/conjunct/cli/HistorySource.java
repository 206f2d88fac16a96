// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static java.util.Objects.requireNonNull;

import io.conjunct.correlate.Topics;
import io.conjunct.history.History;
import io.conjunct.history.HistoryException;
import io.conjunct.history.HistoryWriter;
import io.conjunct.ingest.file.OtlpHistory;
import io.conjunct.ingest.profile.IngestProfile;
import io.conjunct.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A past to look at, wherever it lies. What is not a recorded file yet is made one, in the directory for temporary files,
 * and removed at the end; `conjunct record` keeps it for the next time.
 */
final class HistorySource implements AutoCloseable {
    private final History history;
    private final @Nullable Path temporary;

    private HistorySource(History history, @Nullable Path temporary) {
        this.history = requireNonNull(history, "history");
        this.temporary = temporary;
    }

    /** Recorded files, or OTLP JSON lines; not both. */
    static HistorySource ofFiles(List<Path> files, List<RuleSet> read, Duration tick, Duration allowedLateness)
            throws IOException {
        try {
            int otlp = 0;
            for (Path file : files) {
                otlp += OtlpHistory.isOtlp(file) ? 1 : 0;
            }
            if (otlp == 0) {
                return new HistorySource(History.of(files), null);
            }
            if (otlp < files.size()) {
                throw new LoadProblem(
                        "--history: recorded files and OTLP JSON lines together; make one recording of the"
                                + " latter with `conjunct record --otlp`");
            }
        } catch (NoSuchFileException e) {
            throw new LoadProblem("--history " + e.getFile() + ": there is no such file");
        } catch (HistoryException e) {
            throw new LoadProblem(String.valueOf(e.getMessage()));
        }
        IngestProfile profile = IngestProfile.of(new RuleSet(
                "all", read.stream().flatMap(r -> r.groups().stream()).toList()));
        return temporary(file -> {
            try (HistoryWriter writer = HistoryWriter.create(file, 1);
                    ProgressBar bar = ProgressBar.forPeople()) {
                return new OtlpHistory(profile, tick, allowedLateness)
                        .convert(files, writer, bar)
                        .notes();
            }
        });
    }

    /**
     * What is in the event log now.
     *
     * @param toMillis only what came before this time
     */
    static HistorySource ofTopic(String bootstrap, String topicPrefix, OptionalLong toMillis) throws IOException {
        BrokerProbe.requireAnswer(bootstrap);
        return temporary(file -> {
            try (ProgressBar bar = ProgressBar.forPeople()) {
                EventLogCopy.toFile(
                        bootstrap, new Topics(topicPrefix).events(), OptionalLong.empty(), toMillis, file, bar);
                return List.of();
            }
        });
    }

    /** Writes a recording and says what should be known of it. */
    private interface Recorder {
        List<String> record(Path file) throws IOException;
    }

    private static HistorySource temporary(Recorder recorder) throws IOException {
        Path file = Files.createTempFile("conjunct-", ".events");
        try {
            List<String> notes = recorder.record(file);
            return new HistorySource(History.of(List.of(file)).withNotes(notes), file);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw new LoadProblem("--history: " + e.getMessage());
        } catch (RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    History history() {
        return history;
    }

    @Override
    public void close() throws IOException {
        if (temporary != null) {
            Files.deleteIfExists(temporary);
        }
    }
}
