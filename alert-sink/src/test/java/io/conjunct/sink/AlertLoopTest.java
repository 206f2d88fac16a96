// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Muted;
import io.conjunct.alert.Tier;
import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.ReceiverSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AlertLoopTest {
    private static final TopicPartition P0 = new TopicPartition("conjunct.alerts", 0);
    private static final TopicPartition P1 = new TopicPartition("conjunct.alerts", 1);
    private static final Outcome DELIVERED = new Outcome.Delivered();

    private final Bench bench = new Bench();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final List<String> told = new ArrayList<>();
    private Outcome answer = DELIVERED;
    private final Lane oncall = lane("oncall", 3);
    private final Lane team = lane("team", 3);
    private final AlertLoop loop = loop();
    private final Map<TopicPartition, Long> next = new LinkedHashMap<>();

    private Lane lane(String name, int capacity) {
        return new Lane(
                name,
                alert -> {
                    told.add(name + " " + alert.state().word() + " "
                            + alert.labels().get("service"));
                    return answer;
                },
                capacity,
                new Random(1),
                bench.shared);
    }

    private AlertLoop loop() {
        ReceiverSettings unused = around -> alert -> DELIVERED;
        Receivers receivers = new Receivers(
                Map.of("oncall", unused, "team", unused),
                List.of(
                        new Route(Optional.of(Tier.PAGE), Optional.empty(), Map.of(), List.of("oncall", "team")),
                        new Route(
                                Optional.of(Tier.TICKET),
                                Optional.empty(),
                                Map.of("service", "docs"),
                                List.of("team"))),
                Optional.empty(),
                Hooks.NONE,
                new AllowedHosts(List.of()));
        bench.metrics.show(List.of(oncall, team), bench.clock);
        return new AlertLoop(
                consumer,
                "conjunct.alerts",
                receivers,
                Map.of("oncall", oncall, "team", team),
                bench.log,
                new Demotions(Demotions.Known.NOTHING, receivers, bench.log, bench.metrics),
                new Lease(System::nanoTime),
                bench.metrics,
                bench.clock);
    }

    @BeforeEach
    void join() {
        loop.subscribe();
        assertThat(loop.notReady()).contains("not yet in its consumer group");
        consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
        consumer.rebalance(List.of(P0, P1));
    }

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
    }

    private void put(TopicPartition partition, byte[] value) {
        long offset = next.merge(partition, 1L, Long::sum) - 1;
        consumer.addRecord(new ConsumerRecord<>(
                partition.topic(), partition.partition(), offset, "key".getBytes(StandardCharsets.UTF_8), value));
    }

    private void put(TopicPartition partition, Alert alert) {
        put(partition, AlertJson.write(alert).getBytes(StandardCharsets.UTF_8));
    }

    private long committed(TopicPartition partition) {
        OffsetAndMetadata position = consumer.committed(Set.of(partition)).get(partition);
        return position == null ? -1 : position.offset();
    }

    @Test
    void offset_isCommittedOnlyWhenEveryReceiverIsDone() throws Exception {
        put(P0, Alerts.firing("a"));
        put(P0, Alerts.firing("b"));
        loop.turn();
        assertThat(told).isEmpty();
        assertThat(committed(P0)).isLessThanOrEqualTo(0);

        bench.run(oncall, 10);
        loop.turn();
        assertThat(committed(P0)).isLessThanOrEqualTo(0);

        team.step();
        loop.turn();
        assertThat(committed(P0)).isEqualTo(1);

        team.step();
        loop.turn();
        assertThat(committed(P0)).isEqualTo(2);
    }

    @Test
    void delivery_outOfOrderAcrossAlerts_commitsUpToTheFirstGap() throws Exception {
        put(P0, Alerts.alert("docs", State.FIRING, Tier.TICKET));
        put(P0, Alerts.alert("docs", State.RESOLVED, Tier.TICKET));
        put(P1, Alerts.shadow(Alerts.firing("x")));
        loop.turn();
        answer = new Outcome.Retry(FailureReason.SERVER_ERROR, "500", Duration.ZERO);
        team.step();
        loop.turn();

        assertThat(committed(P0)).isLessThanOrEqualTo(0);
        assertThat(committed(P1)).isEqualTo(1);

        answer = DELIVERED;
        bench.run(team, 10);
        loop.turn();
        assertThat(committed(P0)).isEqualTo(2);
        assertThat(told).containsExactly("team firing docs", "team firing docs", "team resolved docs");
    }

    @Test
    void records_forNobody_areSkippedWithTheirReasonAndCommitted() {
        put(P0, "not json: c4n4ry".getBytes(StandardCharsets.UTF_8));
        put(P0, new byte[] {(byte) 0xff, 0, 1});
        put(P0, "{}".getBytes(StandardCharsets.UTF_8));
        put(P0, Alerts.shadow(Alerts.firing("a")));
        put(P0, Alerts.firing("a").withMuted(Optional.of(new Muted("reindex", "docs", "it slows reads", 1))));
        put(P0, Alerts.alert("a", State.PENDING, Tier.PAGE));
        put(P0, Alerts.alert("a", State.CANCELLED, Tier.PAGE));
        put(P0, Alerts.alert("a", State.FIRING, Tier.ANNOTATE));
        consumer.addRecord(nothing(next.merge(P0, 1L, Long::sum) - 1));
        loop.turn();

        assertThat(oncall.queued() + team.queued()).isZero();
        assertThat(committed(P0)).isEqualTo(9);
        assertThat(bench.books.sum("conjunct_sink_skipped", Map.of("reason", "not_an_alert")))
                .isEqualTo(4);
        assertThat(bench.books.sum("conjunct_sink_skipped", Map.of("reason", "shadow")))
                .isEqualTo(1);
        assertThat(bench.books.sum("conjunct_sink_skipped", Map.of("reason", "muted")))
                .isEqualTo(1);
        assertThat(bench.books.sum("conjunct_sink_skipped", Map.of("reason", "not_news")))
                .isEqualTo(2);
        assertThat(bench.books.sum("conjunct_sink_skipped", Map.of("reason", "no_route")))
                .isEqualTo(1);
        assertThat(loop.notReady()).isEmpty();
    }

    @SuppressWarnings("NullAway") // Kafka writes a deletion as a record without a value.
    private static ConsumerRecord<byte[], byte[]> nothing(long offset) {
        return new ConsumerRecord<>(P0.topic(), P0.partition(), offset, null, null);
    }

    @Test
    void lane_thatIsFull_pausesReadingAndResumes() throws Exception {
        for (int i = 0; i < 10; i++) {
            put(P0, Alerts.firing("service-" + i));
        }
        loop.turn();
        assertThat(oncall.queued()).isEqualTo(3);
        loop.turn();
        assertThat(consumer.paused()).containsExactlyInAnyOrder(P0, P1);
        assertThat(bench.books.sum("conjunct_sink_read")).isEqualTo(6);

        for (int i = 0; i < 20; i++) {
            bench.run(oncall, 3);
            bench.run(team, 3);
            loop.turn();
        }
        assertThat(consumer.paused()).isEmpty();
        assertThat(committed(P0)).isEqualTo(10);
        assertThat(told).hasSize(20);
    }

    @Test
    void partition_takenAway_handsItsDeliveriesOver() throws Exception {
        put(P0, Alerts.firing("a"));
        put(P1, Alerts.firing("b"));
        loop.turn();
        consumer.rebalance(List.of(P1));

        assertThat(bench.books.outcomes("handed_over")).isEqualTo(2);
        bench.run(oncall, 5);
        assertThat(told).containsExactly("oncall firing b");
    }

    @Test
    void refusal_isCommittedWhenItsLetterIsWritten() throws Exception {
        answer = new Outcome.Refused(FailureReason.CLIENT_ERROR, "400");
        put(P0, Alerts.alert("docs", State.FIRING, Tier.TICKET));
        loop.turn();
        team.step();
        loop.turn();

        assertThat(bench.producer.history()).hasSize(1);
        assertThat(committed(P0)).isEqualTo(1);
    }

    @Test
    void trouble_isToldUntilItIsOver() {
        loop.troubled(new KafkaException("away"));
        assertThat(loop.notReady()).contains("conjunct.alerts: KafkaException");
        loop.turn();
        assertThat(loop.notReady()).isEmpty();
    }
}
