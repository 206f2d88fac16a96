// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.record.Cost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.junit.jupiter.api.Test;

/** The page about track records shows the topology that runs. */
final class LedgerTopologyTest {
    private static final String BEGIN = "<!-- topology: checked by LedgerTopologyTest -->";

    @Test
    void page_showsTheTopologyAsItIs() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "track-record.md"));
        int begin = page.indexOf(BEGIN);
        assertThat(begin).as("docs/track-record.md has the mark %s", BEGIN).isNotNegative();
        String block = page.substring(begin + BEGIN.length()).strip();
        assertThat(block.substring(block.indexOf('\n') + 1, block.indexOf("\n```")))
                .isEqualTo(String.join("\n", drawn()));
    }

    /** One line per topic that is read, then one per topic that is written. */
    private static List<String> drawn() {
        Topics topics = new Topics("conjunct.");
        StreamsConfig config = new StreamsConfig(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, "test",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1",
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true));
        LedgerStep step = new LedgerStep(topics, Cost.in(ZoneOffset.UTC), () -> {});
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        for (TopologyDescription.Subtopology part :
                LedgerTopology.build(topics, config, step).describe().subtopologies()) {
            for (TopologyDescription.Node node : part.nodes()) {
                if (node instanceof Source source) {
                    source.successors()
                            .forEach(next -> in.add(
                                    String.format("%-18s ─▶ %s", String.join(",", source.topicSet()), next.name())));
                } else if (node instanceof Sink sink) {
                    for (TopologyDescription.Node from : sink.predecessors()) {
                        Processor box = (Processor) from;
                        out.add(box.name() + " (" + String.join(",", box.stores()) + ") ─▶ " + sink.topic());
                    }
                }
            }
        }
        in.sort(null);
        out.sort(null);
        in.addAll(out);
        return in;
    }
}
