// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.Tier;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.record.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From people's verdicts to the receiver, through Kafka: the pages of a rule that opted in become tickets. */
final class DemotionIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PAGES = 4;

    @TempDir
    Path directory;

    @Test
    void pagesOfANoisyRule_afterFourVerdicts_areTickets_toTheirEnd_overARestart_untilItIsRestored() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                SinkProcess sink = SinkProcess.start(broker.bootstrap(), directory)) {
            Log log = new Log(broker.bootstrap());
            long now = System.currentTimeMillis();
            for (int i = 0; i < PAGES; i++) {
                sink.alert(alert(i, now + i, State.FIRING));
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(sink.printed(State.FIRING, "page")).hasSize(PAGES));
            for (int i = 0; i < PAGES; i++) {
                String episode = alert(i, now + i, State.FIRING).episode();
                sink.said(
                        episode,
                        Verdict.said(episode, Verdict.Kind.NOISE, "", "ada", now + 60_000 + i, Verdict.Source.COMMAND));
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log.lines("track-records"))
                            .anyMatch(record -> record.value().contains("\"to\":\"ticket\"")));

            sink.restart();
            long later = now + Duration.ofMinutes(20).toMillis();
            sink.alert(alert(9, later, State.FIRING));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sink.printed(State.FIRING, "ticket"))
                            .anyMatch(line -> line.contains("\"alert\":\"Noisy\"") && line.contains("\"demoted\":"))
                            .anyMatch(line -> line.contains("\"alert\":\"Noisy:TrackRecord\"")));
            sink.alert(alert(9, later, State.RESOLVED));
            sink.alert(alert(0, now, State.RESOLVED));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sink.printed(State.RESOLVED, "ticket"))
                            .anyMatch(line -> line.contains("\"n\":\"9\"")));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sink.printed(State.RESOLVED, "page"))
                            .as("what paged ends as a page")
                            .anyMatch(line -> line.contains("\"n\":\"0\"")));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sink.verdict("--restore", "Nosy", "--by", "ada"))
                            .contains("Nosy is not demoted (demoted now: Noisy)"));
            assertThat(sink.verdict("--restore", "Noisy", "--by", "ada")).contains("Noisy pages again");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sink.printed(State.RESOLVED, "ticket"))
                            .anyMatch(line -> line.contains("Noisy pages again")));
            sink.restart();
            sink.alert(alert(10, later + 60_000, State.FIRING));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sink.printed(State.FIRING, "page"))
                            .anyMatch(line -> line.contains("\"n\":\"10\"")));
        }
    }

    private static Alert alert(int number, long start, State state) {
        TreeMap<String, String> labels = new TreeMap<>(Map.of("n", Integer.toString(number)));
        boolean over = state == State.RESOLVED;
        long at = start + (over ? 120_000 : 1_000);
        return new Alert(
                        "Noisy",
                        "group",
                        state,
                        Tier.PAGE,
                        labels,
                        at,
                        start,
                        over ? OptionalLong.of(at) : OptionalLong.empty(),
                        List.of(),
                        Alert.episode("Noisy", labels, start),
                        "team",
                        new TreeMap<>(),
                        "",
                        false,
                        "r1",
                        "v1",
                        List.of(),
                        Optional.empty(),
                        false)
                .asDemotable();
    }
}
