// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/** A track record for programs: numbers unrounded, absent where they are not known; an infinite one is {@code null}. */
public final class TrackRecordJson {
    private TrackRecordJson() {}

    /** Adds its members. */
    public static void write(TrackRecord record, ObjectNode node) {
        node.put("days", record.days());
        if (!record.revision().isEmpty()) {
            node.put("revision", record.revision());
        }
        node.put("pages", record.pages()).put("episodes", record.episodes()).put("tests", record.tests());
        node.put("real", record.real()).put("noise", record.noise()).put("unknown", record.unknown());
        node.put("incidents", record.incidents()).put("coverage", record.coverage());
        put(node, "ratio", record.ratio());
        put(node, "precision", record.precision());
        put(node, "pages_per_incident", record.pagesPerIncident());
        put(node, "ratio_at_best", some(record.ratioAtBest()));
        put(node, "ratio_at_worst", some(record.ratioAtWorst()));
        node.put("judged_episodes", record.judgedEpisodes()).put("real_episodes", record.realEpisodes());
        node.putArray("precision_interval_90")
                .add(record.posterior().low())
                .add(record.posterior().high());
        node.put("false_pages_per_week", record.falsePagesPerWeek()).put("night_pages", record.atNight());
        if (record.toAck().n() > 0) {
            node.put("mtta_median_s", record.toAck().medianSeconds())
                    .put("mtta_p90_s", record.toAck().p90Seconds());
        }
        if (record.toEnd().n() > 0) {
            node.put("mttr_median_s", record.toEnd().medianSeconds())
                    .put("mttr_p90_s", record.toEnd().p90Seconds());
        }
        node.put("hours", record.hours()).put("wasted_hours", record.wastedHours());
        node.put("unrecovered_hours_per_week", record.unrecoveredHoursPerWeek());
        node.put("caught", record.caught()).put("missed", record.missed());
        put(node, "recall", record.missed() > 0 ? record.recall() : OptionalDouble.empty());
    }

    private static OptionalDouble some(double number) {
        return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private static void put(ObjectNode node, String name, OptionalDouble number) {
        if (number.isPresent() && Double.isFinite(number.getAsDouble())) {
            node.put(name, number.getAsDouble());
        } else if (number.isPresent()) {
            node.putNull(name);
        }
    }
}
