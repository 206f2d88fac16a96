// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Incident;
import io.conjunct.cli.alertmanager.RecordedEvents;
import io.conjunct.cli.alertmanager.RecordedEvents.Losses;
import io.conjunct.correlate.TopicText;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** The events of an existing Alertmanager: a file of them, or their topic. */
final class AlertmanagerOptions {
    @Option(
            names = "--alertmanager-events",
            paramLabel = "FILE",
            description = "What its event recorder wrote, one JSON object a line.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--alertmanager-topic", paramLabel = "TOPIC", description = "The topic it writes to, format json.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The broker of that topic.")
    private Optional<String> kafka = Optional.empty();

    @Option(
            names = "--page-receivers",
            paramLabel = "REGEX",
            description = "The receivers whose notifications wake people (default: all).")
    private String receivers = ".*";

    @Option(
            names = "--incidents",
            paramLabel = "FILE",
            description = "Incidents as people wrote them down, as for `backtest`: they judge the pages.")
    private Optional<String> incidents = Optional.empty();

    private Optional<Losses> losses = Optional.empty();

    boolean given() {
        return file.isPresent() || topic.isPresent();
    }

    Ledger ledger(Cost cost) throws IOException {
        RecordedEvents events = new RecordedEvents(pattern().asMatchPredicate());
        List<Incident> known = incidents
                .map(place -> IncidentsFrom.place(place, TopicOptions.DEFAULT_PREFIX))
                .orElse(List.of());
        if (file.isPresent()) {
            try (Stream<String> lines = Files.lines(file.get(), StandardCharsets.UTF_8)) {
                lines.filter(line -> !line.isBlank()).forEach(events::take);
            } catch (NoSuchFileException e) {
                throw new LoadProblem("--alertmanager-events " + file.get() + ": there is no such file");
            }
        }
        topic.ifPresent(name -> read(name, events));
        losses = Optional.of(events.losses());
        return events.ledger(known, cost);
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(receivers);
        } catch (PatternSyntaxException e) {
            throw new LoadProblem("--page-receivers " + receivers + ": " + e.getDescription());
        }
    }

    private void read(String name, RecordedEvents events) {
        String broker = kafka.orElseThrow(() -> new LoadProblem("--alertmanager-topic needs --kafka HOST:PORT"));
        try {
            if (!new TopicText(broker).read(name, record -> events.take(record.value()))) {
                throw new LoadProblem("--alertmanager-topic " + name + ": " + broker + " has no such topic");
            }
        } catch (KafkaException e) {
            throw new ConfigurationProblem("cannot read " + name + " at " + broker + ": " + e.getMessage(), e);
        }
    }

    /** Says what the record lacks, so that nobody takes its counts for more than they are. */
    void warn(PrintWriter err) {
        if (losses.isEmpty()) {
            return;
        }
        Losses lost = losses.get();
        if (lost.creations() + lost.firstNotifications() > 0) {
            err.println(
                    "conjunct: the recorder lost events: " + lost.creations() + " alerts were told of whose creation it"
                            + " does not have, " + lost.firstNotifications()
                            + " groups whose first notification; counts are lower"
                            + " bounds.");
        }
        if (lost.flushes() > 0) {
            err.println(
                    "conjunct: " + lost.flushes() + " flush numbers are not there: nothing was due, or it was lost.");
        }
        if (lost.unreadable() > 0) {
            err.println("conjunct: " + lost.unreadable()
                    + " records are no events of the recorder in JSON (its output needs" + " `format: json`).");
        }
        if (lost.beyondTheLimit() > 0) {
            err.println(
                    "conjunct: " + lost.beyondTheLimit() + " events are of more alerts than are kept; choose less.");
        }
        err.flush();
    }
}
