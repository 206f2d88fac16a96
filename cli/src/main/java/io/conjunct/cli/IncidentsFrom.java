// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Incident;
import io.conjunct.backtest.IncidentFile;
import io.conjunct.backtest.LedgerIncidents;
import io.conjunct.correlate.LedgerReader;
import io.conjunct.correlate.Topics;
import io.conjunct.record.Cost;
import io.conjunct.record.Ledger;
import io.conjunct.record.LedgerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.common.KafkaException;

/** Labelled incidents: a file somebody wrote, or what people said about pages. */
final class IncidentsFrom {
    private static final String KAFKA = "kafka:";

    private IncidentsFrom() {}

    /**
     * Reads them.
     *
     * @param place a YAML or CSV file; a broker, as {@code kafka:HOST:PORT}; the admin port of the node that delivers; or a
     *     ledger that port gave, as a JSON file
     * @param topicPrefix what the names of the broker's topics begin with
     */
    static List<Incident> place(String place, String topicPrefix) {
        try {
            if (place.startsWith(KAFKA)) {
                return LedgerIncidents.of(topics(place.substring(KAFKA.length()), topicPrefix));
            }
            if (place.startsWith("http://") || place.startsWith("https://")) {
                AdminClient admin = new AdminClient();
                admin.server = place.replaceFirst("/api/v1/ledger/*$", "");
                AdminClient.Reply reply = admin.get("/api/v1/ledger");
                if (reply.status() != 200) {
                    throw new LoadProblem("--incidents: " + place + " has no ledger: " + reply.status());
                }
                return ledger(reply.body());
            }
            Path file = Path.of(place);
            return place.endsWith(".json") ? ledger(Files.readString(file)) : IncidentFile.read(file);
        } catch (NoSuchFileException e) {
            throw new LoadProblem("--incidents " + place + ": there is no such file");
        } catch (IOException e) {
            throw new LoadProblem("--incidents: " + e.getMessage());
        }
    }

    /** As the ledger folds them, whether or not one is kept there. */
    private static Ledger topics(String broker, String topicPrefix) {
        BrokerProbe.requireAnswer(broker);
        try {
            return LedgerReader.read(broker, new Topics(topicPrefix), Cost.in(ZoneOffset.UTC));
        } catch (NoSuchElementException e) {
            throw new LoadProblem("--incidents " + KAFKA + broker + ": there is no topic " + e.getMessage()
                    + " (wrong --topic-prefix?)");
        } catch (KafkaException e) {
            throw new LoadProblem("--incidents " + KAFKA + broker + ": " + e.getMessage());
        }
    }

    private static List<Incident> ledger(String json) throws IOException {
        return LedgerIncidents.of(LedgerJson.read(json, Cost.in(ZoneOffset.UTC)));
    }
}
