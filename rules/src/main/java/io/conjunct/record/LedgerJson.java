// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.alert.LegPages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A ledger as JSON, so that a report is computed where it is read: pages, and what was said. Times in Unix milliseconds. */
public final class LedgerJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LedgerJson() {}

    public static String write(Ledger ledger) {
        ObjectNode top = JSON.createObjectNode();
        ArrayNode pages = top.putArray("pages");
        for (Page page : ledger.pages()) {
            ObjectNode node = pages.addObject();
            node.put("key", page.episode());
            node.put("alert", page.alert());
            node.put("rule", page.rule());
            node.put("revision", page.revision());
            node.put("owner", page.owner());
            node.put("told", page.told());
            node.put("start", page.startMillis());
            node.put("at", page.atMillis());
            page.ackMillis().ifPresent(millis -> node.put("ack", millis));
            page.endMillis().ifPresent(millis -> node.put("end", millis));
            node.put("people", page.people());
            page.incident().ifPresent(incident -> node.put("incident", incident));
            if (page.demotable()) {
                node.put("demotable", true);
            }
            if (page.ticketed()) {
                node.put("ticketed", true);
            }
            if (page.byItself()) {
                node.put("by_itself", true);
            }
        }
        ArrayNode demotions = top.putArray("demotions");
        ledger.demotions().forEach(each -> each.write(demotions.addObject()));
        ArrayNode said = top.putArray("said");
        ledger.verdicts().forEach(verdict -> said.add(StatementJson.write(verdict)));
        ledger.missed().forEach(missed -> said.add(StatementJson.write(missed)));
        ArrayNode legs = top.putArray("legs");
        ledger.legs().forEach(day -> legs.add(day.write()));
        return top.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException when the text is no ledger
     */
    public static Ledger read(String json, Cost cost) throws IOException {
        try {
            JsonNode top = JSON.readTree(json);
            List<Page> pages = new ArrayList<>();
            for (JsonNode node : top.required("pages")) {
                pages.add(new Page(
                        node.required("key").asText(),
                        node.required("alert").asText(),
                        node.required("rule").asText(),
                        node.required("revision").asText(),
                        node.required("owner").asText(),
                        node.required("told").asBoolean(),
                        node.required("start").asLong(),
                        node.required("at").asLong(),
                        millis(node.path("ack")),
                        millis(node.path("end")),
                        node.required("people").asInt(),
                        node.has("incident") ? Optional.of(node.path("incident").asText()) : Optional.empty(),
                        node.path("demotable").asBoolean(),
                        node.path("ticketed").asBoolean(),
                        node.path("by_itself").asBoolean()));
            }
            List<Verdict> verdicts = new ArrayList<>();
            List<MissedIncident> missed = new ArrayList<>();
            for (JsonNode line : top.required("said")) {
                Statement statement = StatementJson.read(line.asText());
                if (statement instanceof Verdict verdict) {
                    verdicts.add(verdict);
                } else if (statement instanceof MissedIncident incident) {
                    missed.add(incident);
                }
            }
            List<LegPages> legs = new ArrayList<>();
            for (JsonNode day : top.required("legs")) {
                legs.add(LegPages.read(day.asText()));
            }
            List<Demotion> demotions = new ArrayList<>();
            for (JsonNode demotion : top.path("demotions")) {
                demotions.add(Demotion.read(demotion));
            }
            return new Ledger(pages, verdicts, missed, legs, cost).demoted(demotions);
        } catch (RuntimeException e) {
            throw new IOException("not a ledger: " + e.getMessage(), e);
        }
    }

    private static OptionalLong millis(JsonNode node) {
        return node.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(node.asLong());
    }
}
