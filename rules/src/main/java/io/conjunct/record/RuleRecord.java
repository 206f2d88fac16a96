// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.record.Gate.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A rule's whole record at the end of a UTC day: the record of the topic {@code conjunct.track-records}, compacted by
 * rule. Written only; readers need no more of it than {@code sentence}, {@code as_of} and what they show.
 *
 * @param rule its name
 * @param asOfMillis the end of the last day it speaks of, which may not be over yet
 * @param windows over all revisions, for each of {@link #WINDOWS}
 * @param revisions the same for each revision that paged, one after the other
 * @param legs what each leg alone would have paged, for each of {@link #WINDOWS}
 * @param gate by the window of {@value #JUDGED_BY} days
 * @param demotions when its pages were tickets
 * @param truncated whether there were more pages than one record is computed from
 */
public record RuleRecord(
        String rule,
        long asOfMillis,
        List<TrackRecord> windows,
        List<TrackRecord> revisions,
        List<Map<String, Integer>> legs,
        Finding gate,
        List<Demotion> demotions,
        boolean truncated) {
    /** In days. */
    public static final List<Integer> WINDOWS = List.of(7, 28, 90);
    /** In days. */
    public static final int JUDGED_BY = 28;

    private static final ObjectMapper JSON = new ObjectMapper();

    public RuleRecord {
        requireNonNull(rule, "rule");
        requireNonNull(gate, "gate");
        windows = List.copyOf(windows);
        revisions = List.copyOf(revisions);
        legs = List.copyOf(legs);
        demotions = List.copyOf(demotions);
    }

    /** What a ledger says about a rule. */
    public static RuleRecord of(Ledger ledger, String rule, long asOfMillis, boolean truncated) {
        List<TrackRecord> windows = new ArrayList<>();
        List<TrackRecord> revisions = new ArrayList<>();
        List<Map<String, Integer>> legs = new ArrayList<>();
        for (int days : WINDOWS) {
            windows.add(ledger.record(rule, asOfMillis, days));
            revisions.addAll(ledger.byRevision(rule, asOfMillis, days));
            legs.add(ledger.legPages(rule, asOfMillis, days));
        }
        Finding gate = Gate.judge(ledger, rule, asOfMillis, JUDGED_BY);
        List<Demotion> demotions = ledger.demotions().stream()
                .filter(each -> each.rule().equals(rule))
                .toList();
        return new RuleRecord(rule, asOfMillis, windows, revisions, legs, gate, demotions, truncated);
    }

    /** The record of {@value #JUDGED_BY} days. */
    public TrackRecord judged() {
        return windows.get(WINDOWS.indexOf(JUDGED_BY));
    }

    /** One line; equal records are equal bytes. */
    public String write() {
        ObjectNode node = JSON.createObjectNode();
        node.put("rule", rule).put("owner", judged().owner());
        node.put("as_of", Instant.ofEpochMilli(asOfMillis).toString());
        node.put("sentence", judged().sentence());
        ObjectNode gateNode = node.putObject("gate");
        gateNode.put("decision", gate.decision().name().toLowerCase(Locale.ROOT));
        gateNode.put("p_worse_than_2_to_1", gate.worse()).put("reason", gate.reason());
        ArrayNode demotionNodes = node.putArray("demotions");
        demotions.forEach(each -> each.write(demotionNodes.addObject()));
        ArrayNode windowNodes = node.putArray("windows");
        for (int i = 0; i < windows.size(); i++) {
            ObjectNode window = windowNodes.addObject();
            TrackRecordJson.write(windows.get(i), window);
            ObjectNode alone = window.putObject("pages_of_legs_alone");
            legs.get(i).forEach(alone::put);
        }
        ArrayNode revisionNodes = node.putArray("revisions");
        revisions.forEach(each -> TrackRecordJson.write(each, revisionNodes.addObject()));
        node.put("truncated", truncated);
        return node.toString();
    }
}
