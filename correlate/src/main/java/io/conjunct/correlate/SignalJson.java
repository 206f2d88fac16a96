// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.conjunct.engine.GroupTick;
import io.conjunct.engine.GroupTick.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of {@code conjunct.signals}: the values of a group's signals at a tick, at most {@value #SAMPLES} per
 * record so that none grows beyond what Kafka takes.
 */
final class SignalJson {
    private static final int SAMPLES = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private SignalJson() {}

    static List<String> write(GroupTick tick) {
        List<String> records = new ArrayList<>();
        List<Sample> samples = tick.samples();
        for (int from = 0; from < samples.size(); from += SAMPLES) {
            ObjectNode node = JSON.createObjectNode();
            node.put("group", tick.group());
            node.put("revision", tick.revision());
            node.put("at", Instant.ofEpochMilli(tick.atMillis()).toString());
            ArrayNode array = node.putArray("samples");
            for (Sample sample : samples.subList(from, Math.min(samples.size(), from + SAMPLES))) {
                ObjectNode one = array.addObject();
                one.put("signal", sample.signal());
                ObjectNode labels = one.putObject("labels");
                sample.labels().forEach(labels::put);
                if (Double.isFinite(sample.value())) {
                    one.put("value", sample.value());
                } else {
                    one.putNull("value");
                }
                one.put("n", sample.n());
                one.put("unit", sample.unit());
            }
            records.add(node.toString());
        }
        return records;
    }
}
