// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.Alert;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaneQueueTest {
    private static final Outcome DELIVERED = new Outcome.Delivered();
    private static final Outcome FAILED = new Outcome.Retry(FailureReason.SERVER_ERROR, "500", Duration.ZERO);

    private final LaneQueue queue = new LaneQueue(3, new Random(1));
    private final Offsets offsets = new Offsets();
    private Instant now = Instant.parse("2026-11-20T21:00:00Z");
    private long offset;

    private Delivery give(Alert alert) {
        return give(alert, 0);
    }

    private Delivery give(Alert alert, int partition) {
        TopicPartition from = new TopicPartition("alerts", partition);
        Delivery delivery = new Delivery(alert, offsets.read(from, offset++, 1), now);
        queue.offer(delivery);
        return delivery;
    }

    @Test
    void failing_keepsItsLaterDeliveriesBackButNotOthers() {
        Delivery trigger = give(Alerts.firing("a"));
        Delivery resolve = give(Alerts.resolved("a"));
        Delivery other = give(Alerts.firing("b"));

        assertThat(queue.next(now)).contains(trigger);
        Duration pause = queue.settle(trigger, FAILED, now).orElseThrow();
        assertThat(queue.next(now)).isEmpty();
        now = now.plus(pause);
        // The other one first: the failing one went to the end.
        assertThat(queue.next(now)).contains(other);
        queue.settle(other, DELIVERED, now);
        assertThat(queue.next(now)).contains(trigger);
        queue.settle(trigger, DELIVERED, now);
        assertThat(queue.next(now)).contains(resolve);
        queue.settle(resolve, DELIVERED, now);
        assertThat(queue.size()).isZero();
        assertThat(queue.idle(now)).isEmpty();
    }

    @Test
    void poison_thatAlwaysFails_leavesTheReceiverToOthers() {
        Delivery poison = give(Alerts.firing("poison"));
        Instant start = now;
        int delivered = 0;
        while (delivered < 200) {
            give(Alerts.firing("ok-" + delivered));
            Optional<Delivery> next = queue.next(now);
            while (next.isPresent()) {
                boolean bad = next.get().equals(poison);
                queue.settle(next.get(), bad ? FAILED : DELIVERED, now);
                delivered += bad ? 0 : 1;
                next = queue.next(now);
            }
            now = now.plusSeconds(1);
        }
        assertThat(Duration.between(start, now)).isLessThan(Duration.ofSeconds(230));
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void capacity_isAskedForBeforeOffering() {
        give(Alerts.firing("a"));
        give(Alerts.firing("b"));
        assertThat(queue.hasRoom()).isTrue();
        give(Alerts.firing("c"));
        assertThat(queue.hasRoom()).isFalse();
    }

    @Test
    void clock_setBackByAnHour_doesNotSilenceAnybody() {
        Delivery trigger = give(Alerts.firing("a"));
        queue.next(now);
        queue.settle(trigger, FAILED, now);

        assertThat(queue.next(now.minus(Duration.ofHours(1)))).contains(trigger);
    }

    @Test
    void partition_takenAway_takesItsDeliveriesAlsoTheOneUnderWay() {
        Delivery trigger = give(Alerts.firing("a"), 1);
        give(Alerts.resolved("a"), 1);
        Delivery other = give(Alerts.firing("b"), 2);
        assertThat(queue.next(now)).contains(trigger);

        assertThat(queue.forget(Set.of(new TopicPartition("alerts", 1)))).isEqualTo(2);
        assertThat(queue.settle(trigger, FAILED, now)).isEmpty();
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.next(now)).contains(other);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void anyTimeline_keepsTheOrderOfEachAlertAndLosesNothing(long seed) {
        Random random = new Random(seed);
        LaneQueue any = new LaneQueue(1_000, random);
        Map<String, List<Delivery>> given = new HashMap<>();
        Map<String, List<Delivery>> done = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            if (step < 5_000 && random.nextInt(3) == 0 && any.hasRoom()) {
                String service = "s" + random.nextInt(10);
                Alert alert = random.nextBoolean() ? Alerts.firing(service) : Alerts.resolved(service);
                Delivery delivery =
                        new Delivery(alert, offsets.read(new TopicPartition("alerts", 0), offset++, 1), now);
                any.offer(delivery);
                given.computeIfAbsent(alert.identity(), unused -> new ArrayList<>())
                        .add(delivery);
            }
            Optional<Delivery> next = any.next(now);
            if (next.isPresent()) {
                boolean fails = step < 10_000 && random.nextInt(3) > 0;
                Outcome outcome = fails ? FAILED : DELIVERED;
                any.settle(next.get(), outcome, now);
                if (!fails) {
                    done.computeIfAbsent(next.get().alert().identity(), unused -> new ArrayList<>())
                            .add(next.get());
                }
            } else {
                now = now.plus(any.idle(now).orElse(Duration.ofSeconds(1)));
            }
        }
        assertThat(done).as("seed %d", seed).isEqualTo(given);
        assertThat(any.size()).isZero();
    }
}
