// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.LegPages;
import io.conjunct.alert.Tier;
import io.conjunct.cli.embedded.EmbeddedBroker;
import io.conjunct.engine.HeapStore;
import io.conjunct.record.Cost;
import io.conjunct.record.LedgerFold;
import io.conjunct.record.RuleRecord;
import io.conjunct.record.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However often its process is killed, the ledger's topic says what a plain fold over its input topics says. */
final class LedgerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long START = Instant.parse("2026-11-01T06:00:00Z").toEpochMilli();
    private static final List<String> RULES = List.of("Noisy", "Good", "Mixed");
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    private final Random random = new Random(20261101);

    @Test
    void records_afterKills_areAFoldOverTheTopics() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                SinkProcess sink = SinkProcess.start(broker.bootstrap(), directory)) {
            Log log = new Log(broker.bootstrap());
            for (int life = 0; life < KILLS; life++) {
                for (int i = 0; i < 40; i++) {
                    page(sink, life * 40 + i);
                }
                sink.flush();
                int least = life;
                await().atMost(PATIENCE).until(() -> log.lines("track-records").size() > least * 10);
                sink.restart();
            }
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(told(log)).isEqualTo(folded(log)));
            assertThat(told(log)).containsOnlyKeys(RULES);
            assertThat(told(log).get("Good")).contains("\"sentence\":\"40 pages, ");
        }
    }

    /** Fires, is judged, and resolves; a good rule's legs are counted. */
    private void page(SinkProcess sink, int number) {
        String rule = RULES.get(number % RULES.size());
        long start = START + number * DAY / 10;
        Alert firing = alert(rule, start, State.FIRING, start + 60_000);
        sink.alert(firing);
        Verdict.Kind kind = rule.equals("Noisy") || (rule.equals("Mixed") && random.nextBoolean())
                ? Verdict.Kind.NOISE
                : Verdict.Kind.INCIDENT;
        sink.said(
                firing.episode(),
                Verdict.said(firing.episode(), kind, "", "ada", start + 600_000, Verdict.Source.COMMAND));
        Alert resolved = alert(rule, start, State.RESOLVED, start + 900_000);
        sink.alert(resolved);
        LegPages legs = new LegPages(
                rule,
                "group",
                "v1",
                Math.floorDiv(start, DAY) * DAY,
                List.of(new LegPages.Count("a > 1", number), new LegPages.Count("b > 1", 2 * number)));
        sink.send("leg-pages", legs.key(), legs.write());
    }

    private static Alert alert(String rule, long start, State state, long at) {
        return new Alert(
                rule,
                "group",
                state,
                Tier.PAGE,
                new TreeMap<>(),
                at,
                start,
                state == State.RESOLVED ? OptionalLong.of(at) : OptionalLong.empty(),
                List.of(),
                Alert.episode(rule, Map.of(), start),
                "team",
                new TreeMap<>(Map.of("summary", rule)),
                "",
                false,
                "r1",
                "v1",
                List.of(),
                Optional.empty(),
                false);
    }

    /** The last record of each rule. */
    private static Map<String, String> told(Log log) {
        Map<String, String> last = new TreeMap<>();
        log.lines("track-records").forEach(record -> last.put(record.key(), record.value()));
        return last;
    }

    private static Map<String, String> folded(Log log) throws IOException {
        Map<String, String> last = new TreeMap<>();
        LedgerFold fold = new LedgerFold(new HeapStore(), Cost.in(ZoneOffset.UTC), new LedgerFold.Output() {
            @Override
            public void record(RuleRecord record) {
                last.put(record.rule(), record.write());
            }

            @Override
            public void alert(Alert ticket) {}
        });
        for (Log.Line said : log.lines("verdicts")) {
            fold.said(said.value());
        }
        for (Log.Line alert : log.lines("alerts")) {
            fold.alert(alert.value());
        }
        for (Log.Line legs : log.lines("leg-pages")) {
            fold.legs(legs.value());
        }
        for (Log.Line delivery : log.lines("deliveries")) {
            fold.delivery(delivery.value());
        }
        return last;
    }
}
