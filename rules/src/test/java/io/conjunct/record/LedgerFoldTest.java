// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.LegPages;
import io.conjunct.alert.Tier;
import io.conjunct.engine.HeapStore;
import io.conjunct.record.Gate.Decision;
import io.conjunct.record.Observation.What;
import io.conjunct.record.Verdict.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LedgerFoldTest {
    private static final long START = Instant.parse("2026-11-10T06:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** A record of one of the topics. */
    private interface Line {
        void into(LedgerFold fold) throws IOException;
    }

    /** Of a day's counts the last holds, and their topic keeps its order. */
    private record Counted(String json) implements Line {
        @Override
        public void into(LedgerFold fold) throws IOException {
            fold.legs(json);
        }
    }

    /** What came out last, by rule, and every ticket. */
    private static final class Told implements LedgerFold.Output {
        final Map<String, RuleRecord> records = new TreeMap<>();
        final List<Alert> tickets = new ArrayList<>();

        @Override
        public void record(RuleRecord record) {
            records.put(record.rule(), record);
        }

        @Override
        public void alert(Alert ticket) {
            tickets.add(ticket);
        }

        List<String> lines() {
            return records.values().stream().map(RuleRecord::write).toList();
        }
    }

    private static Alert alert(String rule, long start, State state, long at) {
        return new Alert(
                rule,
                "group",
                state,
                Tier.PAGE,
                new TreeMap<>(Map.of("region", "eu")),
                at,
                start,
                state == State.RESOLVED ? OptionalLong.of(at) : OptionalLong.empty(),
                List.of(),
                Alert.episode(rule, Map.of("region", "eu"), start),
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

    private static Line firing(String rule, long start) {
        return fold -> fold.alert(AlertJson.write(alert(rule, start, State.FIRING, start + 60_000)));
    }

    private static Line resolved(String rule, long start) {
        return fold -> fold.alert(AlertJson.write(alert(rule, start, State.RESOLVED, start + 600_000)));
    }

    private static String key(String rule, long start) {
        return Alert.episode(rule, Map.of("region", "eu"), start);
    }

    private static Line delivered(String rule, long start) {
        String json = "{\"receiver\":\"oncall\",\"key\":\"" + key(rule, start) + "\",\"stage\":\"triggered\",\"at\":\""
                + Instant.ofEpochMilli(start + 62_000) + "\"}";
        return fold -> fold.delivery(json);
    }

    private static Line said(Statement statement) {
        return fold -> fold.said(StatementJson.write(statement));
    }

    private static Line judged(String rule, long start, Kind kind, String of) {
        return said(Verdict.said(key(rule, start), kind, of, "ada", start + 900_000, Verdict.Source.SLACK));
    }

    /** A noisy rule, a good one that shares incidents with a third, on five days. */
    private static List<Line> story() {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long start = START + i * DAY;
            for (String rule : List.of("Noisy", "Good", "Echo")) {
                lines.add(firing(rule, start));
                lines.add(resolved(rule, start));
                lines.add(delivered(rule, start));
                lines.add(said(new Observation(
                        key(rule, start),
                        What.ACKNOWLEDGED,
                        rule.equals("Good") ? "PD" + i : "",
                        "ada",
                        start + 92_000)));
            }
            lines.add(judged("Noisy", start, Kind.NOISE, ""));
            lines.add(judged("Good", start, Kind.INCIDENT, ""));
            lines.add(judged("Echo", start, Kind.DUPLICATE, key("Good", start)));
            long day = START - Duration.ofHours(6).toMillis() + i * DAY;
            for (int pages = 1; pages <= 4; pages++) {
                String json = new LegPages(
                                "Good",
                                "group",
                                "v",
                                day,
                                List.of(new LegPages.Count("a > 1", 3 * pages), new LegPages.Count("b > 1", pages)))
                        .write();
                lines.add(new Counted(json));
            }
        }
        lines.add(said(new MissedIncident("INC-1", "Good", START + 2 * DAY + 7_200_000)));
        lines.add(said(new MissedIncident("INC-2", "Good", START + 2 * DAY + 100_000)));
        return lines;
    }

    private static Told fold(List<Line> lines) throws IOException {
        Told told = new Told();
        LedgerFold fold = new LedgerFold(new HeapStore(), Stories.COST, told);
        for (Line line : lines) {
            line.into(fold);
        }
        return told;
    }

    @Test
    void story_isTold() throws IOException {
        Told told = fold(story());

        TrackRecord good = requireNonNull(told.records.get("Good")).judged();
        assertThat(good.sentence()).isEqualTo("5 pages, 5 incidents in 28 d");
        assertThat(good.toAck().medianSeconds()).isEqualTo(30);
        assertThat(good.missed())
                .as("the page of INC-2 came within ten minutes")
                .isEqualTo(1);
        assertThat(requireNonNull(told.records.get("Echo")).judged().incidents())
                .isEqualTo(5);
        assertThat(requireNonNull(told.records.get("Good")).legs().get(1)).isEqualTo(Map.of("a > 1", 60, "b > 1", 20));
        assertThat(requireNonNull(told.records.get("Noisy")).gate().decision()).isEqualTo(Decision.PROPOSE_TICKET);
        assertThat(told.tickets).singleElement().satisfies(ticket -> {
            assertThat(ticket.tier()).isEqualTo(Tier.TICKET);
            assertThat(ticket.owner()).isEqualTo("team");
            assertThat(ticket.annotations().get("summary")).contains("Noisy", "0 of 4 judged episodes");
        });
    }

    @Test
    void topics_inAnyInterleaving_andTwice_giveTheSameRecords() throws IOException {
        List<Line> lines = story();
        List<String> expected = fold(lines).lines();
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            List<Line> shuffled = new ArrayList<>(
                    lines.stream().filter(line -> !(line instanceof Counted)).toList());
            shuffled.addAll(List.copyOf(shuffled.subList(0, 20)));
            Collections.shuffle(shuffled, random);
            int at = 0;
            for (Line line : lines) {
                if (line instanceof Counted) {
                    at += random.nextInt(Math.max(1, (shuffled.size() - at) / 10));
                    shuffled.add(at++, line);
                }
            }
            assertThat(fold(shuffled).lines()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void ticket_isClosed_whenTheVerdictsAreTakenBack() throws IOException {
        List<Line> lines = story();
        for (int i = 0; i < 3; i++) {
            long start = START + i * DAY;
            lines.add(said(Verdict.said(
                    key("Noisy", start), Kind.INCIDENT, "", "bob", START + 5 * DAY + i, Verdict.Source.COMMAND)));
        }
        assertThat(fold(lines).tickets).extracting(Alert::state).containsExactly(State.FIRING, State.RESOLVED);
    }

    private static List<Verdict> evidence(Line... lines) throws IOException {
        HeapStore store = new HeapStore();
        LedgerFold fold = new LedgerFold(store, Stories.COST, new Told());
        for (Line line : lines) {
            line.into(fold);
        }
        Ledger ledger = LedgerFold.read(store, 0, Stories.COST);
        Ledger read = LedgerJson.read(LedgerJson.write(ledger), Stories.COST);
        assertThat(read.evidence(read.pages().get(0)))
                .isEqualTo(ledger.evidence(ledger.pages().get(0)));
        return ledger.evidence(ledger.pages().get(0));
    }

    private static Line over(long minutes) {
        return fold -> fold.alert(AlertJson.write(alert("Short", START, State.RESOLVED, START + minutes * 60_000)));
    }

    private static Line seen(What what, long minutes) {
        return said(new Observation(key("Short", START), what, "PD1", "ada", START + minutes * 60_000));
    }

    /** It went out after 62 s; the fifth minute ends at 362 s. */
    @Test
    void pageThatIsOverBeforeAnybodyTookIt_isProbablyNoise() throws IOException {
        Verdict implied = Verdict.implied(
                key("Short", START),
                Kind.NOISE,
                "",
                "Conjunct",
                START + 360_000,
                0.5,
                "over after 298 s, before anybody took it");
        Line firing = firing("Short", START);
        Line sent = delivered("Short", START);
        assertThat(evidence(firing, sent, over(6))).containsExactly(implied);
        assertThat(evidence(over(6), sent, firing)).containsExactly(implied);
        assertThat(evidence(firing, sent, over(6), seen(What.ACKNOWLEDGED, 8), seen(What.RESOLVED, 7)))
                .containsExactly(implied);

        assertThat(evidence(firing, sent)).isEmpty();
        assertThat(evidence(firing, sent, over(7))).isEmpty();
        assertThat(evidence(firing, sent, over(1)))
                .as("over before it went out")
                .isEmpty();
        assertThat(evidence(firing, sent, over(6), seen(What.ACKNOWLEDGED, 3))).isEmpty();
        assertThat(evidence(firing, sent, over(6), seen(What.RESOLVED, 4)))
                .as("somebody said that it was over")
                .isEmpty();
        Verdict weightier =
                Verdict.implied(key("Short", START), Kind.INCIDENT, "", "ada", START + 1, 0.8, "priority P2");
        assertThat(evidence(firing, sent, over(6), said(weightier))).containsExactly(weightier, implied);
    }

    @Test
    void pages_olderThanWhatIsKept_areForgotten() throws IOException {
        HeapStore store = new HeapStore();
        Told told = new Told();
        LedgerFold fold = new LedgerFold(store, Stories.COST, told);
        for (Line line : story()) {
            line.into(fold);
        }
        firing("Good", START + (LedgerFold.KEPT_DAYS + 10) * DAY).into(fold);

        assertThat(LedgerFold.read(store, 0, Stories.COST).pages()).hasSize(1);
        assertThat(requireNonNull(told.records.get("Noisy")).judged().pages()).isZero();
        assertThat(store.size()).isLessThan(15);
    }

    @Test
    void linesThatAreNone_areRefused() {
        LedgerFold fold = new LedgerFold(new HeapStore(), Stories.COST, new Told());
        assertThatThrownBy(() -> fold.alert("{}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> fold.delivery("{}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> fold.said("not json")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> fold.legs("[]")).isInstanceOf(IOException.class);
    }

    @Test
    void silentFold_keepsTheSamePagesAndStatements() throws IOException {
        HeapStore told = new HeapStore();
        HeapStore silent = new HeapStore();
        LedgerFold teller = new LedgerFold(told, Stories.COST, new Told());
        LedgerFold keeper = LedgerFold.silent(silent, Stories.COST);
        for (Line line : story()) {
            line.into(teller);
            line.into(keeper);
        }
        Ledger kept = LedgerFold.read(silent, 0, Stories.COST);
        assertThat(kept.confirmed()).hasSizeGreaterThan(3);
        assertThat(LedgerJson.write(kept)).isEqualTo(LedgerJson.write(LedgerFold.read(told, 0, Stories.COST)));
    }
}
