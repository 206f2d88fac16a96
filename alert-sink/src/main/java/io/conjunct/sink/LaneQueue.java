// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.sink.receiver.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The order of one receiver's deliveries. Deliveries of one alert go one after the other: what comes later waits while an
 * earlier one is retried, so a resolve never overtakes its trigger. Different alerts do not wait for each other: one that
 * keeps failing goes to the end. Any failure also pauses the receiver as a whole, longer the more fail in a row, so an
 * outage is not hammered by everything that waits.
 *
 * <p>Bounded by its capacity, which the caller asks for with {@link #hasRoom} before it offers; what is offered is never
 * turned away. Time comes from the caller. Not safe for several threads.
 */
final class LaneQueue {
    /** The longest pause a provider may ask for; a longer Retry-After is an error of theirs, and would silence pages. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** The deliveries of one alert. */
    private static final class Line {
        final Deque<Delivery> waiting = new ArrayDeque<>();
        int failures;
        Instant due = Instant.EPOCH;
    }

    private final int capacity;
    private final RandomGenerator random;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private int size;
    private int failuresInARow;
    private Instant pausedUntil = Instant.EPOCH;
    private @Nullable String underWay;

    LaneQueue(int capacity, RandomGenerator random) {
        this.capacity = capacity;
        this.random = random;
    }

    boolean hasRoom() {
        return size < capacity;
    }

    int size() {
        return size;
    }

    void offer(Delivery delivery) {
        lines.computeIfAbsent(delivery.alert().identity(), unused -> new Line())
                .waiting
                .addLast(delivery);
        size++;
    }

    /** The delivery to try now, which {@link #settle} must follow; empty when nothing is due. */
    Optional<Delivery> next(Instant now) {
        if (!waits(now, pausedUntil)) {
            for (Map.Entry<String, Line> line : lines.entrySet()) {
                if (!waits(now, due(line.getValue()))) {
                    underWay = line.getKey();
                    return Optional.of(line.getValue().waiting.getFirst());
                }
            }
        }
        return Optional.empty();
    }

    /** How long nothing is due; empty when nothing waits at all. */
    Optional<Duration> idle(Instant now) {
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Instant first = Instant.MAX;
        for (Line line : lines.values()) {
            Instant due = due(line);
            first = due.isBefore(first) ? due : first;
        }
        Instant due = first.isBefore(pausedUntil) ? pausedUntil : first;
        return Optional.of(waits(now, due) ? Duration.between(now, due) : Duration.ZERO);
    }

    /**
     * What came of the delivery {@link #next} gave.
     *
     * @return how long until it is tried again; empty when it is over
     */
    Optional<Duration> settle(Delivery delivery, Outcome outcome, Instant now) {
        String identity = underWay;
        underWay = null;
        Line line = identity == null ? null : lines.get(identity);
        if (line == null || !delivery.equals(line.waiting.peekFirst())) {
            // Its partition was taken away while it was under way.
            return Optional.empty();
        }
        if (outcome instanceof Outcome.NotYet notYet) {
            pausedUntil = now.plus(atMost(notYet.pause()));
            return Optional.of(atMost(notYet.pause()));
        }
        if (outcome instanceof Outcome.Retry retry) {
            return Optional.of(failed(delivery.alert().identity(), line, retry, now));
        }
        line.waiting.removeFirst();
        line.failures = 0;
        line.due = Instant.EPOCH;
        size--;
        failuresInARow = 0;
        if (line.waiting.isEmpty()) {
            lines.remove(delivery.alert().identity());
        }
        return Optional.empty();
    }

    /** The resolve that waits behind this delivery: it came too late to be told while it was true. */
    Optional<Alert> resolveOf(Delivery delivery) {
        Line line = lines.get(delivery.alert().identity());
        return line == null
                ? Optional.empty()
                : line.waiting.stream()
                        .map(Delivery::alert)
                        .filter(alert -> alert.state() == State.RESOLVED
                                && alert.episode().equals(delivery.alert().episode()))
                        .findFirst();
    }

    private static Instant due(Line line) {
        Instant own = line.waiting.getFirst().notBefore();
        return own.isAfter(line.due) ? own : line.due;
    }

    /** Drops what belongs to partitions that are another's now. */
    int forget(Collection<TopicPartition> taken) {
        int before = size;
        lines.values().removeIf(line -> {
            int waiting = line.waiting.size();
            line.waiting.removeIf(delivery -> taken.contains(delivery.claim().partition()));
            size -= waiting - line.waiting.size();
            return line.waiting.isEmpty();
        });
        return before - size;
    }

    /** When the oldest delivery that waits was read. */
    Optional<Instant> oldest() {
        return lines.values().stream()
                .map(line -> line.waiting.getFirst().readAt())
                .min(Instant::compareTo);
    }

    private Duration failed(String identity, Line line, Outcome.Retry retry, Instant now) {
        double spread = random.nextDouble();
        line.failures++;
        failuresInARow++;
        Duration asked = atMost(retry.after());
        Duration lane = longer(asked, Backoff.after(failuresInARow, spread));
        Duration own = longer(lane, Backoff.after(line.failures, spread));
        pausedUntil = now.plus(lane);
        line.due = now.plus(own);
        lines.remove(identity);
        lines.put(identity, line);
        return own;
    }

    private static Duration atMost(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Whether the wait is still going on. A wait longer than the longest means that the clock was set back: it is over. */
    private static boolean waits(Instant now, Instant until) {
        return now.isBefore(until) && Duration.between(now, until).compareTo(LONGEST_PAUSE) <= 0;
    }
}
