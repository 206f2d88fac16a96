// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.record.Cost;
import io.conjunct.record.StatementJson;
import io.conjunct.record.Verdict;
import io.conjunct.record.Verdict.Kind;
import io.conjunct.record.Verdict.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about track records shows the topology that runs. */
final class LedgerTopologyTest {
    private static final long START = Instant.parse("2026-11-20T06:00:00Z").toEpochMilli();
    private static final String BEGIN = "<!-- topology: checked by LedgerTopologyTest -->";

    @TempDir
    Path directory;

    @Test
    void page_showsTheTopologyAsItIs() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "track-record.md"));
        int begin = page.indexOf(BEGIN);
        assertThat(begin).as("docs/track-record.md has the mark %s", BEGIN).isNotNegative();
        String block = page.substring(begin + BEGIN.length()).strip();
        assertThat(block.substring(block.indexOf('\n') + 1, block.indexOf("\n```")))
                .isEqualTo(String.join("\n", drawn()));
    }

    @Test
    void topics_pipedThrough_giveRecords_andATicketToTheOwner() throws IOException {
        Topics topics = new Topics("conjunct.");
        StreamsConfig config = config();
        AtomicInteger unreadable = new AtomicInteger();
        LedgerStep step = new LedgerStep(topics, Cost.in(ZoneOffset.UTC), unreadable::incrementAndGet);
        Properties properties = new Properties();
        properties.putAll(config.originals());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        try (TopologyTestDriver driver =
                new TopologyTestDriver(LedgerTopology.build(topics, config, step), properties)) {
            StringSerializer text = new StringSerializer();
            TestInputTopic<String, String> alerts = driver.createInputTopic(topics.alerts(), text, text);
            TestInputTopic<String, String> verdicts = driver.createInputTopic(topics.verdicts(), text, text);
            TestOutputTopic<String, String> records =
                    driver.createOutputTopic(topics.trackRecords(), new StringDeserializer(), new StringDeserializer());
            TestOutputTopic<String, String> tickets =
                    driver.createOutputTopic(topics.alerts(), new StringDeserializer(), new StringDeserializer());
            for (int i = 0; i < 4; i++) {
                Alert page = page(START + i * 3_600_000L);
                alerts.pipeInput(page.identity(), AlertJson.write(page));
                verdicts.pipeInput(
                        page.episode(),
                        StatementJson.write(Verdict.said(
                                page.episode(), Kind.NOISE, "", "ada", page.atMillis() + 60_000, Source.SLACK)));
            }
            verdicts.pipeInput("nobody", "not json");

            Map<String, String> last = records.readKeyValuesToMap();
            assertThat(last).containsOnlyKeys("Noisy");
            assertThat(last.get("Noisy"))
                    .contains("\"sentence\":\"4 pages, 0 incidents in 28 d\"", "\"decision\":\"propose_ticket\"");
            assertThat(tickets.readValuesToList()).singleElement().satisfies(json -> {
                Alert ticket = AlertJson.read(json);
                assertThat(ticket.name()).isEqualTo("Noisy:TrackRecord");
                assertThat(ticket.tier()).isEqualTo(Tier.TICKET);
                assertThat(ticket.owner()).isEqualTo("team");
            });
            assertThat(unreadable).hasValue(1);
        }
    }

    private static Alert page(long start) {
        return new Alert(
                "Noisy",
                "group",
                State.FIRING,
                Tier.PAGE,
                new TreeMap<>(),
                start + 60_000,
                start,
                OptionalLong.empty(),
                List.of(),
                Alert.episode("Noisy", Map.of(), start),
                "team",
                new TreeMap<>(),
                "",
                false,
                "r1",
                "v1",
                List.of(),
                Optional.empty(),
                false);
    }

    private static StreamsConfig config() {
        return new StreamsConfig(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, "test",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1",
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true));
    }

    /** One line per topic that is read, then one per topic that is written. */
    private static List<String> drawn() {
        Topics topics = new Topics("conjunct.");
        StreamsConfig config = config();
        LedgerStep step = new LedgerStep(topics, Cost.in(ZoneOffset.UTC), () -> {});
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        for (TopologyDescription.Subtopology part :
                LedgerTopology.build(topics, config, step).describe().subtopologies()) {
            for (TopologyDescription.Node node : part.nodes()) {
                if (node instanceof TopologyDescription.Source source) {
                    source.successors()
                            .forEach(next -> in.add(
                                    String.format("%-19s ─▶ %s", String.join(",", source.topicSet()), next.name())));
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
