// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LaneTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
    }

    @Test
    void receiver_withAFault_isADeadLetterWithoutItsMessage() throws Exception {
        Lane faulty = bench.lane("faulty", around -> alert -> {
            throw new IllegalStateException("c4n4ry");
        });
        bench.give(faulty, Alerts.firing("a"));
        bench.run(faulty, 3);

        assertThat(bench.producer.history())
                .singleElement()
                .satisfies(letter -> assertThat(letter.value())
                        .contains("fault: IllegalStateException at")
                        .doesNotContain("c4n4ry"));
    }

    @Test
    void age_isOfTheOldestThatWaits() throws Exception {
        Lane lane = bench.lane(
                "out", around -> alert -> new Outcome.Retry(FailureReason.SERVER_ERROR, "500", Duration.ZERO));
        assertThat(bench.books.sum("conjunct_sink_oldest_undelivered_seconds")).isZero();
        bench.give(lane, Alerts.firing("a"));
        bench.clock.advance(Duration.ofSeconds(90));
        bench.give(lane, Alerts.firing("b"));
        bench.clock.advance(Duration.ofSeconds(5));

        assertThat(bench.books.sum("conjunct_sink_oldest_undelivered_seconds")).isEqualTo(95);
        assertThat(bench.books.sum("conjunct_sink_queue_length", Map.of("receiver", "out")))
                .isEqualTo(2);
    }

    @Test
    void letter_thatKafkaDoesNotTake_isCountedAndBlocksNothing() throws Exception {
        bench.producer.sendException = new TimeoutException("away");
        Lane lane = bench.lane("out", around -> alert -> new Outcome.Refused(FailureReason.CLIENT_ERROR, "400"));
        bench.give(lane, Alerts.firing("a"));
        bench.run(lane, 3);

        assertThat(bench.books.sum("conjunct_sink_dead_letters_lost")).isEqualTo(1);
        assertThat(bench.committable()).isEqualTo(1);
    }

    @Test
    void logging_isOnceAMinutePerSubject() {
        OncePerMinute logged = new OncePerMinute(bench.clock);

        assertThat(logged.allows("a")).isTrue();
        assertThat(logged.allows("a")).isFalse();
        assertThat(logged.allows("b")).isTrue();
        bench.clock.advance(Duration.ofSeconds(60));
        assertThat(logged.allows("a")).isTrue();
    }
}
