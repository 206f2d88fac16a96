// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.alert.AlertJson;
import io.conjunct.sink.console.ConsoleSettings;
import io.conjunct.sink.console.ConsoleSettings.Format;
import io.conjunct.sink.message.Message;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsoleTest {
    private final Bench bench = new Bench(Alerts.clock(), Duration.ofSeconds(10));

    @AfterEach
    void close() {
        bench.books.balance();
        bench.close();
    }

    @Test
    void json_isOneLinePerDelivery() throws Exception {
        Lane lane = bench.lane("out", new ConsoleSettings(Format.JSON));
        bench.give(lane, Alerts.firing("checkout"));
        bench.give(lane, Alerts.resolved("checkout"));
        bench.run(lane, 10);

        assertThat(bench.printed().lines().toList())
                .containsExactly(
                        AlertJson.write(Alerts.firing("checkout")), AlertJson.write(Alerts.resolved("checkout")));
    }

    @Test
    void text_isAFewLinesAndAnEmptyOne() throws Exception {
        Lane lane = bench.lane("out", new ConsoleSettings(Format.TEXT));
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(bench.printed())
                .isEqualTo(Message.of(Alerts.firing("checkout")).text() + "\n\n");
    }

    @Test
    void console_thatIsClosed_refuses() throws Exception {
        Lane lane = bench.lane("out", new ConsoleSettings(Format.JSON));
        bench.around.console().close();
        bench.give(lane, Alerts.firing("checkout"));
        bench.run(lane, 10);

        assertThat(bench.producer.history())
                .singleElement()
                .satisfies(letter -> assertThat(letter.value()).contains("the console is closed"));
    }
}
