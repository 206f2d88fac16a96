// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Incident;
import io.conjunct.backtest.IncidentFile;
import io.conjunct.backtest.LedgerIncidents;
import io.conjunct.record.Cost;
import io.conjunct.record.LedgerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;

/** Labelled incidents: a file somebody wrote, or what people said about pages. */
final class IncidentsFrom {
    private IncidentsFrom() {}

    /**
     * Reads them.
     *
     * @param place a YAML or CSV file; the admin port of the node that delivers; or a ledger that port gave, as a JSON file
     */
    static List<Incident> place(String place) {
        try {
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

    private static List<Incident> ledger(String json) throws IOException {
        return LedgerIncidents.of(LedgerJson.read(json, Cost.in(ZoneOffset.UTC)));
    }
}
