// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.sink.fakes.FakePagerDuty;
import io.conjunct.sink.fakes.FakePagerDuty.Status;
import io.conjunct.sink.fakes.FakeSlack;
import io.conjunct.sink.fakes.Fault;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
final class AlertSinkTest {
    private static final TopicPartition P0 = new TopicPartition("conjunct.alerts", 0);
    private static final String CANARY = "c4n4ry0000c4n4ry0000c4n4ry0000ab";

    @TempDir
    Path directory;

    private final FakePagerDuty pagerDuty = FakePagerDuty.start();
    private final FakeSlack slack = FakeSlack.start();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<String, String> producer =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    private final MockConsumer<String, String> deliveries = new MockConsumer<>("earliest");
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Books books = new Books(registry);
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger("io.conjunct");
    private long offset;

    @BeforeEach
    void listen() {
        log.start();
        root.setLevel(Level.TRACE);
        root.addAppender(log);
    }

    @AfterEach
    void close() {
        root.detachAppender(log);
        root.setLevel(null);
        pagerDuty.close();
        slack.close();
        assertThat(List.copyOf(log.list)).noneSatisfy(event -> {
            String text = event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getMessage());
            assertThat(text).containsPattern("c4n4ry|4hiddenPath");
        });
    }

    private SinkSettings settings() throws Exception {
        Path file = directory.resolve("receivers.yaml");
        Files.writeString(file, """
                receivers:
                  oncall: {pagerduty: {routing_key: "${env:PD_KEY}", url: "%s"}}
                  team: {slack: {webhook_url: "${env:SLACK_URL}"}}
                  out: {console: {}}
                routes: [{to: [oncall, team, out]}]
                allow_hosts: [127.0.0.1]
                """.formatted(pagerDuty.url()));
        return SinkSettings.of(
                "localhost:1",
                Receivers.load(file, Map.of("PD_KEY", CANARY, "SLACK_URL", slack.url())),
                new PrintStream(console, true, StandardCharsets.UTF_8));
    }

    private AlertSink start() throws Exception {
        TopicPartition log = new TopicPartition("conjunct.deliveries", 0);
        deliveries.updatePartitions(log.topic(), List.of(new PartitionInfo(log.topic(), 0, null, null, null)));
        deliveries.updateBeginningOffsets(Map.of(log, 0L));
        deliveries.updateEndOffsets(Map.of(log, 0L));
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(P0)));
        AlertSink sink = new AlertSink(
                settings(),
                registry,
                consumer,
                producer,
                new KafkaTail(deliveries, "conjunct.deliveries", () -> {}),
                Optional.empty(),
                Optional.empty());
        await().untilAsserted(() -> assertThat(sink.notReady()).isEmpty());
        return sink;
    }

    private void put(Alert alert) {
        byte[] value = AlertJson.write(alert).getBytes(StandardCharsets.UTF_8);
        consumer.addRecord(new ConsumerRecord<>(P0.topic(), 0, offset++, new byte[0], value));
    }

    private String printed() {
        return console.toString(StandardCharsets.UTF_8);
    }

    @Test
    void alert_reachesEveryReceiverAndIsCommitted() throws Exception {
        AlertSink sink = start();
        put(Alerts.firing("checkout"));
        put(Alerts.resolved("checkout"));

        await().untilAsserted(() -> assertThat(books.outcomes("delivered")).isEqualTo(6));
        assertThat(pagerDuty.incidents()).singleElement().matches(incident -> incident.status() == Status.RESOLVED);
        assertThat(slack.messages()).hasSize(2);
        assertThat(printed().replaceAll(",?\"late\":\"[^\"]*\"", "").replace("{,", "{"))
                .isEqualTo(AlertJson.write(Alerts.firing("checkout")) + "\n"
                        + AlertJson.write(Alerts.resolved("checkout")) + "\n");
        books.balance();
        await().untilAsserted(
                        () -> assertThat(consumer.committed(Set.of(P0))).containsEntry(P0, new OffsetAndMetadata(2)));
        sink.close();
        assertThat(consumer.closed()).isTrue();
        assertThat(producer.closed()).isTrue();
        assertThat(sink.notReady()).contains("alert-sink: stopped");
    }

    @Test
    void receiver_thatHangs_delaysNoOther_andClosingIsBounded() throws Exception {
        pagerDuty.script(new Fault.Hang(), 1_000);
        AlertSink sink = start();
        long began = System.nanoTime();
        put(Alerts.firing("checkout"));
        await().untilAsserted(() -> assertThat(slack.messages()).hasSize(1));
        await().untilAsserted(() -> assertThat(printed()).hasLineCount(1));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(books.sum("conjunct_sink_queue_length", Map.of("receiver", "oncall")))
                .isEqualTo(1);

        began = System.nanoTime();
        sink.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void closing_deliversWhatIsDueAndCommitsIt() throws Exception {
        AlertSink sink = start();
        for (int i = 0; i < 3; i++) {
            put(Alerts.firing("service-" + i));
        }
        await().untilAsserted(() -> assertThat(books.sum("conjunct_sink_read")).isEqualTo(9));
        sink.close();

        assertThat(pagerDuty.incidents()).hasSize(3);
        assertThat(printed()).hasLineCount(3);
        // Slack takes one a second; that much is waited for, or all would be told again after the next start.
        assertThat(slack.messages()).hasSize(3);
    }

    @Test
    void secrets_areInNoLogLetterMetricOrConsole_whateverFails() throws Exception {
        pagerDuty
                .script(Fault.status(400, "{\"errors\":[\"routing_key " + CANARY + " is odd\"]}"), 1)
                .script(Fault.status(401, CANARY), 1)
                .script(Fault.status(500, CANARY), 1)
                .script(Fault.redirect(302, "http://127.0.0.1:1/" + CANARY), 1)
                .script(new Fault.Lost(), 1);
        slack.script(Fault.status(404, "no_service " + slack.url()), 1)
                .script(Fault.status(200, "odd /services/T0FAKE/B0FAKE/4hiddenPathOfTheFakeHook"), 1)
                .script(new Fault.Lost(), 1);
        AlertSink sink = start();
        for (int i = 0; i < 5; i++) {
            put(Alerts.firing("service-" + i));
        }
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            // Notices about refusals come on top.
            assertThat(books.outcomes("delivered") + books.outcomes("dead_lettered"))
                    .isGreaterThanOrEqualTo(15);
            assertThat(books.sum("conjunct_sink_queue_length")).isZero();
        });
        books.balance();
        assertThat(books.sum("conjunct_sink_redirects_refused")).isEqualTo(1);
        sink.close();

        assertThat(producer.history())
                .filteredOn(record -> record.topic().equals("conjunct.dead-letters"))
                .hasSize(5)
                .allSatisfy(letter -> assertThat(letter.value()).doesNotContain("c4n4ry", "4hiddenPath"));
        assertThat(printed()).doesNotContain("c4n4ry");
    }

    @Test
    void metrics_goWithTheSink_soThatItCanBeStartedAgain() throws Exception {
        start().close();
        assertThat(registry.scrape()).isEmpty();
    }

    @Test
    void clients_readCommittedOnly_fromTheBeginning_andCommitByHand() throws Exception {
        SinkSettings settings = new SinkSettings(
                "broker:9092",
                "test.",
                "group",
                Receivers.console(),
                System.out,
                Map.of("security.protocol", "SSL", "ssl.key.password", CANARY),
                InstantSource.system());

        assertThat(AlertSink.consumerProperties(settings))
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
                .containsEntry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
                .containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000)
                .containsEntry("security.protocol", "SSL");
        assertThat(AlertSink.producerProperties(settings)).containsEntry("security.protocol", "SSL");
        assertThat(settings.toString()).contains("ssl.key.password").doesNotContain(CANARY);
    }

    @Test
    void sink_withoutABroker_startsIsNotReadyAndCloses() {
        long began = System.nanoTime();
        try (AlertSink sink = AlertSink.start(
                SinkSettings.of(
                        "127.0.0.1:1", Receivers.console(), new PrintStream(console, true, StandardCharsets.UTF_8)),
                registry)) {
            assertThat(sink.notReady()).contains("alert-sink: not yet in its consumer group");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
}
