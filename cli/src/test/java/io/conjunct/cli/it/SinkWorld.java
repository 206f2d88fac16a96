// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.sink.Alerts;
import io.conjunct.sink.FragileSink;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakePagerDuty.Incident;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import io.conjunct.sink.fakes.FakeSlack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Alerts in a real broker, PagerDuty and Slack with their journals on disk, and one alert sink after another between them,
 * each a process that ends where it is told.
 */
final class SinkWorld implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PARTITIONS = 3;
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();

    final FakePagerDuty pagerDuty;
    final FakeSlack slack;
    int kills;

    private final String bootstrap;
    private final String prefix;
    private final Path directory;
    private final Path pagerDutyJournal;
    private final Admin admin;
    private final KafkaProducer<String, String> producer;
    private final Map<String, Alert> episodes = new LinkedHashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private int fed;

    SinkWorld(String bootstrap, String prefix, Path directory) throws Exception {
        this.bootstrap = bootstrap;
        this.prefix = prefix;
        this.directory = Files.createDirectories(directory);
        pagerDutyJournal = directory.resolve("pagerduty.jsonl");
        pagerDuty = FakePagerDuty.start(0, pagerDutyJournal, InstantSource.system());
        slack = FakeSlack.start(0, directory.resolve("slack.jsonl"), InstantSource.system());
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        admin.createTopics(List.of(
                        new NewTopic(alertsTopic(), PARTITIONS, (short) 1),
                        new NewTopic(prefix + "dead-letters", 1, (short) 1)))
                .all()
                .get();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"), new StringSerializer(), new StringSerializer());
        Files.writeString(receivers(), """
                receivers:
                  oncall: {pagerduty: {routing_key: "${env:PD_KEY}", url: "%s"}}
                  team: {slack: {token: "${env:SLACK_TOKEN}", channel: %s, api_url: "%s", buttons: true}}
                routes:
                - {to: [oncall, team]}
                allow_hosts: [127.0.0.1]
                """.formatted(pagerDuty.url(), FakeSlack.CHANNEL, slack.apiUrl()));
    }

    private String alertsTopic() {
        return prefix + "alerts";
    }

    private Path receivers() {
        return directory.resolve("receivers.yaml");
    }

    /** One more service begins to fire. */
    Alert fire() throws Exception {
        return tell(Alerts.episode("service-" + fed % 7, fed++, State.FIRING));
    }

    /** The oldest that fires is over. */
    void resolveOldest() throws Exception {
        Optional<Alert> oldest = episodes.values().stream()
                .filter(alert -> alert.state() == State.FIRING)
                .findFirst();
        if (oldest.isPresent()) {
            resolve(oldest.get());
        }
    }

    void resolve(Alert alert) throws Exception {
        int n = (int) ((alert.startsAtMillis() - Alerts.START.toEpochMilli()) / 3_600_000);
        tell(Alerts.episode(alert.labels().getOrDefault("service", ""), n, State.RESOLVED));
    }

    private Alert tell(Alert alert) throws Exception {
        producer.send(new ProducerRecord<>(alertsTopic(), alert.identity(), AlertJson.write(alert)))
                .get();
        episodes.put(alert.episode(), alert);
        return alert;
    }

    /**
     * @param plan of {@link FragileSink}
     * @param how {@code halt} or {@code stop}
     */
    Process start(String plan, String how) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FragileSink.class.getName(),
                bootstrap,
                prefix,
                receivers().toString(),
                plan,
                how);
        builder.environment().put("PD_KEY", KEY);
        builder.environment().put("SLACK_TOKEN", FakeSlack.TOKEN);
        builder.redirectErrorStream(true).redirectOutput(log(processes.size()).toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Path log(int number) {
        return directory.resolve("sink-" + number + ".log");
    }

    /** A sink lives until it ends where it was told. */
    void runUntilKilled(String plan) throws Exception {
        Process process = start(plan, "halt");
        int number = processes.size() - 1;
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("%s reached, see %s", plan, log(number))
                .isTrue();
        assertThat(process.exitValue()).as(() -> read(log(number))).isEqualTo(137);
        kills++;
    }

    void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
        kills++;
    }

    /** Spares the next one the 6 s after which the group takes the dead for dead. */
    void forgetTheDead() throws Exception {
        if (!members().isEmpty()) {
            admin.removeMembersFromConsumerGroup(prefix + "sink", new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        }
    }

    /** The sinks that the group counts as alive. */
    Collection<MemberDescription> members() throws Exception {
        String group = prefix + "sink";
        boolean exists = admin.listGroups().all().get().stream()
                .anyMatch(each -> each.groupId().equals(group));
        return exists
                ? requireNonNull(admin.describeConsumerGroups(List.of(group))
                                .all()
                                .get()
                                .get(group))
                        .members()
                : List.of();
    }

    /** Until the group has committed all there is. */
    void awaitAllTold() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(this::isAllCommitted);
    }

    private boolean isAllCommitted() throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            asked.put(new TopicPartition(alertsTopic(), i), OffsetSpec.latest());
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                admin.listOffsets(asked).all().get();
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(prefix + "sink")
                .partitionsToOffsetAndMetadata()
                .get();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
            OffsetAndMetadata position = committed.get(end.getKey());
            if (end.getValue().offset() > (position == null ? 0 : position.offset())) {
                return false;
            }
        }
        return true;
    }

    /** I1, I2, I3 in the journals: each episode one incident, what is over is closed, and no trigger after its resolve. */
    void assertTrusted() throws Exception {
        Set<String> over = new HashSet<>();
        episodes.forEach((key, alert) -> {
            if (alert.state() == State.RESOLVED) {
                over.add(key);
            }
        });
        assertThat(pagerDuty.incidents())
                .as("one incident per episode")
                .extracting(Incident::dedupKey)
                .containsExactlyInAnyOrderElementsOf(episodes.keySet());
        assertThat(pagerDuty.incidents())
                .as("closed when over")
                .allSatisfy(incident ->
                        assertThat(incident.status() == Status.RESOLVED).isEqualTo(over.contains(incident.dedupKey())));
        Set<String> resolved = new HashSet<>();
        for (String line : Files.readAllLines(pagerDutyJournal)) {
            JsonNode event = JSON.readTree(JSON.readTree(line).path("body").asText());
            String key = event.path("dedup_key").asText();
            if (event.path("event_action").asText().equals("resolve")) {
                resolved.add(key);
            } else {
                assertThat(resolved).as("no trigger after its resolve").doesNotContain(key);
            }
        }
        List<FakeSlack.Message> channel = slack.channel();
        for (String key : episodes.keySet()) {
            String word = over.contains(key) ? "PAGE RESOLVED" : "PAGE FIRING";
            assertThat(channel)
                    .as("the channel knows how %s stands", key)
                    .anyMatch(message ->
                            message.blocks().contains(key) && message.text().startsWith(word));
        }
        // A second message only where the process died between Slack's answer and its entry in the log.
        assertThat(channel.size()).isBetween(episodes.size(), episodes.size() + kills);
    }

    int episodes() {
        return episodes.size();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "cannot read " + file + ": " + e;
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
        producer.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
        pagerDuty.close();
        slack.close();
    }
}
