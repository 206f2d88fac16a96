// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.engine.EngineSettings;
import io.conjunct.engine.RuleUpdate;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

/** The README shows the topology that runs. */
final class CorrelationTopologyTest {
    private static final String BEGIN = "<!-- topology: checked by CorrelationTopologyTest -->";

    @Test
    void readme_showsTheTopologyAsItIs() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        int begin = readme.indexOf(BEGIN);
        assertThat(begin).as("README.md has the mark %s", BEGIN).isNotNegative();
        String block = readme.substring(begin + BEGIN.length()).strip();
        String shown = block.substring(block.indexOf('\n') + 1, block.indexOf("\n```"));
        assertThat(shown).isEqualTo(String.join("\n", drawn()));
    }

    @Test
    void topology_hasNoNameOfKafkasMaking() {
        for (TopologyDescription.Node node : nodes()) {
            assertThat(node.name()).doesNotContainPattern("\\d{10}");
        }
    }

    /** One line per way from a topic through a processor to a topic. */
    private static List<String> drawn() {
        List<String> lines = new ArrayList<>();
        for (TopologyDescription.Node node : nodes()) {
            if (node instanceof TopologyDescription.Processor processor) {
                TopologyDescription.Source source = (TopologyDescription.Source)
                        processor.predecessors().iterator().next();
                processor.successors().stream()
                        .map(TopologyDescription.Sink.class::cast)
                        .map(sink -> String.format(
                                "%-17s ─▶ %s (%s) ─▶ %s",
                                String.join(",", source.topicSet()),
                                processor.name(),
                                String.join(",", processor.stores()),
                                sink.topic()))
                        .sorted()
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    private static List<TopologyDescription.Node> nodes() {
        StreamsConfig config = new StreamsConfig(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, "test",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1",
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true));
        EngineSettings engine = EngineSettings.of(Duration.ofSeconds(10));
        EngineMetrics metrics = new EngineMetrics(new PrometheusRegistry());
        Topology topology = CorrelationTopology.build(
                new Topics("conjunct."),
                config,
                new MeasureStep(engine, RuleUpdate.Compiler.YAML, 1, metrics),
                new DecideStep(engine, RuleUpdate.Compiler.YAML, 1, 1, metrics, tick -> {}));
        List<TopologyDescription.Node> nodes = new ArrayList<>();
        topology.describe().subtopologies().stream()
                .sorted(Comparator.comparingInt(TopologyDescription.Subtopology::id))
                .forEach(sub -> nodes.addAll(sub.nodes()));
        return nodes;
    }
}
