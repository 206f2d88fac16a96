// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.conjunct.alert.Alert;
import io.conjunct.alert.Alert.State;
import io.conjunct.alert.AlertJson;
import io.conjunct.alert.Tier;
import io.conjunct.engine.HeapStore;
import io.conjunct.record.Gate.Decision;
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

/** {@code demote: auto}, through the fold that keeps the ledger. */
final class DemotionTest {
    private static final long START = Instant.parse("2026-06-01T06:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();
    /** The fourth verdict, half an hour into the fourth page. */
    private static final long DECIDED = START + 3 * DAY + 1_800_000;

    private static final long SINCE = DECIDED + Demotion.DELAY;

    /** A record of one of the topics. */
    private interface Line {
        void into(LedgerFold fold) throws IOException;
    }

    /** What came out last, by rule, and every ticket. */
    private static final class Told implements LedgerFold.Output {
        final HeapStore store = new HeapStore();
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

        RuleRecord of(String rule) {
            return requireNonNull(records.get(rule));
        }

        List<String> summaries() {
            return tickets.stream()
                    .map(ticket ->
                            ticket.state().word() + ": " + ticket.annotations().get("summary"))
                    .toList();
        }
    }

    private static Told fold(List<Line> lines) throws IOException {
        Told told = new Told();
        LedgerFold fold = new LedgerFold(told.store, Stories.COST, told);
        for (Line line : lines) {
            line.into(fold);
        }
        return told;
    }

    private static Alert alert(String rule, String revision, boolean demotable, long start) {
        Alert alert = new Alert(
                rule,
                "group",
                State.FIRING,
                Tier.PAGE,
                new TreeMap<>(),
                start + 60_000,
                start,
                OptionalLong.empty(),
                List.of(),
                Alert.episode(rule, Map.of(), start),
                "team",
                new TreeMap<>(),
                "",
                false,
                "set",
                revision,
                List.of(),
                Optional.empty(),
                false);
        return demotable ? alert.asDemotable() : alert;
    }

    private static Line page(String rule, String revision, boolean demotable, long start) {
        return fold -> fold.alert(AlertJson.write(alert(rule, revision, demotable, start)));
    }

    private static Line judged(String rule, long start, Kind kind, String of) {
        String json = StatementJson.write(Verdict.said(
                Alert.episode(rule, Map.of(), start), kind, of, "ada", start + 1_800_000, Verdict.Source.SLACK));
        return fold -> fold.said(json);
    }

    /** A page of noise on each of so many days. */
    private static List<Line> noise(String rule, String revision, boolean demotable, int fromDay, int days) {
        List<Line> lines = new ArrayList<>();
        for (int day = fromDay; day < fromDay + days; day++) {
            lines.add(page(rule, revision, demotable, START + day * DAY));
            lines.add(judged(rule, START + day * DAY, Kind.NOISE, ""));
        }
        return lines;
    }

    private static boolean isTicket(Told told, long start) {
        return told.of("Noisy").demotions().stream().anyMatch(each -> each.covers(alert("Noisy", "v1", true, start)));
    }

    @Test
    void rule_thatOptedIn_isATicketFor28Days_andSaysSo() throws IOException {
        Told told = fold(noise("Noisy", "v1", true, 0, 6));

        assertThat(told.of("Noisy").demotions())
                .containsExactly(new Demotion(
                        Tier.PAGE,
                        "Noisy",
                        "v1",
                        SINCE,
                        SINCE + 28 * DAY,
                        "0 of 4 judged episodes were incidents",
                        ""));
        assertThat(isTicket(told, SINCE - 1)).isFalse();
        assertThat(isTicket(told, SINCE)).isTrue();
        assertThat(isTicket(told, SINCE + 28 * DAY)).as("expired").isFalse();
        assertThat(told.of("Noisy").judged().pages())
                .as("nobody was woken on the last two days")
                .isEqualTo(4);
        assertThat(told.summaries())
                .containsExactly("firing: Noisy is demoted from page to ticket from 2026-06-04 06:40 UTC until"
                        + " 2026-07-02 06:40 UTC: 0 of 4 judged episodes were incidents; undo: conjunct verdict"
                        + " --restore Noisy, or remove `demote: auto` from the rule");
        assertThat(told.tickets.get(0).owner()).isEqualTo("team");
    }

    private static Line ticket(long start) {
        return fold ->
                fold.alert(AlertJson.write(alert("Noisy", "v1", true, start).withTier(Tier.TICKET)));
    }

    @Test
    void ticketRule_thatOptedIn_becomesAMark_andOtherwiseIsProposed() throws IOException {
        List<Line> lines = new ArrayList<>();
        for (int day = 0; day < 4; day++) {
            lines.add(ticket(START + day * DAY));
            lines.add(judged("Noisy", START + day * DAY, Kind.NOISE, ""));
        }
        Told told = fold(lines);
        assertThat(told.of("Noisy").demotions()).singleElement().satisfies(each -> {
            assertThat(each.from()).isEqualTo(Tier.TICKET);
            assertThat(each.to()).isEqualTo(Tier.ANNOTATE);
            assertThat(each.sinceMillis()).isEqualTo(SINCE);
            assertThat(each.covers(alert("Noisy", "v1", true, SINCE).withTier(Tier.TICKET)))
                    .isTrue();
            assertThat(each.covers(alert("Noisy", "v1", true, SINCE))).isFalse();
        });
        assertThat(told.of("Noisy").gate().decision()).isEqualTo(Decision.PROPOSE_ANNOTATE);
        assertThat(told.summaries())
                .singleElement()
                .asString()
                .startsWith("firing: Noisy is demoted from ticket to annotate from 2026-06-04 06:40 UTC");
        lines.add(restored(SINCE + DAY));
        assertThat(fold(lines).summaries())
                .contains("resolved: Noisy opens tickets again, restored by ada")
                .last()
                .asString()
                .startsWith("firing: Noisy opens tickets for noise: 0 of 4");
    }

    @Test
    void demotedRule_isDemotedFurther_onlyByTheTicketsItOpenedThen_andUntilItPagesAgain() throws IOException {
        List<Line> lines = noise("Noisy", "v1", true, 0, 7);
        assertThat(fold(lines).of("Noisy").demotions()).as("three tickets").hasSize(1);
        lines.addAll(noise("Noisy", "v1", true, 7, 3));
        Told told = fold(lines);
        assertThat(told.of("Noisy").demotions()).extracting(Demotion::from).containsExactly(Tier.PAGE, Tier.TICKET);
        Demotion further = told.of("Noisy").demotions().get(1);
        assertThat(further.sinceMillis()).isEqualTo(SINCE + 4 * DAY);
        assertThat(further.expiresMillis()).isEqualTo(SINCE + 28 * DAY);
        assertThat(told.of("Noisy").gate().decision())
                .as("the file says page, so ticket is what is proposed")
                .isEqualTo(Decision.PROPOSE_TICKET);
        assertThat(told.summaries())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("resolved: Noisy is demoted further"))
                .last()
                .asString()
                .startsWith("firing: Noisy is demoted from ticket to annotate");
    }

    private static Line restored(long at) {
        String json = StatementJson.write(new Restoration("Noisy", "ada", at));
        return fold -> fold.said(json);
    }

    @Test
    void restoredRule_pagesFromThenOn_saysSo_andIsJudgedByWhatItPagesThen() throws IOException {
        List<Line> lines = noise("Noisy", "v1", true, 0, 6);
        long at = START + 6 * DAY;
        lines.add(restored(at));
        Told told = fold(lines);
        assertThat(told.of("Noisy").demotions())
                .containsExactly(new Demotion(
                        Tier.PAGE, "Noisy", "v1", SINCE, at, "0 of 4 judged episodes were incidents", "ada"));
        assertThat(isTicket(told, at - 1)).isTrue();
        assertThat(isTicket(told, at)).isFalse();
        assertThat(told.summaries())
                .endsWith(
                        "resolved: Noisy pages again, restored by ada",
                        "firing: Noisy wakes people for noise: 0 of 4 judged episodes were incidents");
        assertThat(told.of("Noisy").write()).contains("\"restored_by\":\"ada\"");

        lines.addAll(noise("Noisy", "v1", true, 7, 3));
        assertThat(fold(lines).of("Noisy").demotions())
                .as("the pages of the first days count no more")
                .hasSize(1);
        lines.addAll(noise("Noisy", "v1", true, 10, 1));
        assertThat(fold(lines).of("Noisy").demotions()).hasSize(2);
        Collections.reverse(lines);
        assertThat(fold(lines).of("Noisy").demotions())
                .as("in any order")
                .hasSize(2)
                .first()
                .returns(at, Demotion::expiresMillis);
    }

    @Test
    void demotionThatIsRestoredBeforeItBegins_neverWas() throws IOException {
        List<Line> lines = noise("Noisy", "v1", true, 0, 4);
        lines.add(restored(DECIDED + 1));
        assertThat(fold(lines).of("Noisy").demotions()).isEmpty();
        assertThat(fold(lines).summaries()).contains("resolved: Noisy pages again");
    }

    @Test
    void rule_thatDidNotOptIn_isOnlyProposed() throws IOException {
        Told told = fold(noise("Noisy", "v1", false, 0, 6));

        assertThat(told.of("Noisy").gate().decision()).isEqualTo(Decision.PROPOSE_TICKET);
        assertThat(told.of("Noisy").demotions()).isEmpty();
        assertThat(told.of("Noisy").judged().pages()).isEqualTo(6);
        assertThat(told.summaries()).singleElement().asString().startsWith("firing: Noisy wakes people for noise");
    }

    @Test
    void rule_thatOptsInLater_tellsOfItsDemotionInATicketOfItsOwn() throws IOException {
        List<Line> lines = noise("Noisy", "v1", false, 0, 5);
        lines.addAll(noise("Noisy", "v1", true, 5, 1));
        Told told = fold(lines);

        assertThat(told.of("Noisy").demotions()).hasSize(1);
        assertThat(told.summaries().stream().map(line -> line.substring(0, 22)))
                .containsExactly("firing: Noisy wakes pe", "resolved: Noisy is dem", "firing: Noisy is demot");
        assertThat(told.tickets.get(0).episode())
                .isEqualTo(told.tickets.get(1).episode())
                .isNotEqualTo(told.tickets.get(2).episode());
    }

    @Test
    void onlyRuleThatToldOfAnIncident_isNotDemoted() throws IOException {
        List<Line> lines = new ArrayList<>();
        lines.add(page("Noisy", "v1", true, START - DAY));
        lines.add(judged("Noisy", START - DAY, Kind.INCIDENT, ""));
        lines.addAll(noise("Noisy", "v1", true, 0, 12));
        assertThat(fold(lines).of("Noisy").gate().decision()).isEqualTo(Decision.PROTECTED);
        assertThat(fold(lines).of("Noisy").demotions()).isEmpty();

        lines.add(0, page("Other", "v1", false, START - DAY));
        lines.add(0, judged("Other", START - DAY, Kind.DUPLICATE, Alert.episode("Noisy", Map.of(), START - DAY)));
        assertThat(fold(lines).of("Noisy").demotions())
                .as("told twice")
                .filteredOn(Demotion::from, Tier.PAGE)
                .hasSize(1);
    }

    @Test
    void ruleThatCaughtAMajorIncident_isNotDemoted_whateverItsRevision() throws IOException {
        String old = Alert.episode("Noisy", Map.of(), START - 40 * DAY);
        List<Line> lines = new ArrayList<>();
        lines.add(page("Noisy", "v0", true, START - 40 * DAY));
        String json = StatementJson.write(
                Verdict.said(old, Kind.INCIDENT, "", "ada", START - 40 * DAY + 1_800_000, Verdict.Source.COMMAND)
                        .asMajor());
        lines.add(fold -> fold.said(json));
        lines.addAll(noise("Noisy", "v1", true, 0, 6));
        assertThat(fold(lines).of("Noisy").demotions()).isEmpty();
    }

    @Test
    void whatEndsADemotion_endsTheTicket_andTheRuleBeginsAnew() throws IOException {
        List<Line> lines = noise("Noisy", "v1", true, 0, 6);
        List<Line> optedOut = new ArrayList<>(lines);
        optedOut.add(page("Noisy", "v1", false, START + 7 * DAY));
        assertThat(fold(optedOut).summaries()).contains("resolved: Noisy pages again");
        assertThat(fold(optedOut).of("Noisy").judged().pages()).isEqualTo(5);

        List<Line> edited = new ArrayList<>(lines);
        edited.addAll(noise("Noisy", "v2", true, 7, 3));
        assertThat(fold(edited).summaries()).contains("resolved: Noisy pages again");
        assertThat(fold(edited).of("Noisy").demotions())
                .as("three of the new revision judge nothing yet")
                .hasSize(1);

        List<Line> expired = new ArrayList<>(lines);
        expired.addAll(noise("Noisy", "v1", true, 33, 3));
        assertThat(fold(expired).summaries()).last().isEqualTo("resolved: Noisy pages again");
        assertThat(fold(expired).of("Noisy").demotions()).hasSize(1);
        expired.addAll(noise("Noisy", "v1", true, 36, 2));
        assertThat(fold(expired).of("Noisy").demotions()).hasSize(2);
    }

    @Test
    void demotedRule_noLongerTellsOfIncidents_soTheOtherIsNeeded() throws IOException {
        List<Line> lines = noise("Noisy", "v1", true, 0, 4);
        lines.addAll(noise("Other", "v1", true, 0, 3));
        long shared = START + 5 * DAY;
        lines.add(page("Noisy", "v1", true, shared));
        lines.add(page("Other", "v1", true, shared));
        lines.add(judged("Noisy", shared, Kind.INCIDENT, ""));
        lines.add(judged("Other", shared, Kind.DUPLICATE, Alert.episode("Noisy", Map.of(), shared)));
        lines.addAll(noise("Other", "v1", true, 6, 8));
        Told told = fold(lines);
        assertThat(told.of("Noisy").demotions()).hasSize(1);
        assertThat(told.of("Other").gate().decision()).isEqualTo(Decision.PROTECTED);
        assertThat(told.of("Other").demotions()).isEmpty();
    }

    @Test
    void topics_inAnyInterleaving_giveTheSameHistory() throws IOException {
        List<Line> lines = noise("Noisy", "v1", true, 0, 40);
        lines.addAll(noise("Noisy", "v2", true, 41, 6));
        lines.addAll(noise("Other", "v1", true, 3, 5));
        Told expected = fold(lines);
        assertThat(expected.of("Noisy").demotions())
                .extracting(Demotion::from)
                .containsExactly(Tier.PAGE, Tier.TICKET, Tier.PAGE, Tier.TICKET, Tier.PAGE);
        for (long seed = 0; seed < 10; seed++) {
            List<Line> shuffled = new ArrayList<>(lines);
            Collections.shuffle(shuffled, new Random(seed));
            Told told = fold(shuffled);
            assertThat(told.records.values())
                    .extracting(RuleRecord::write)
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(expected.records.values().stream()
                            .map(RuleRecord::write)
                            .toList());
        }
    }

    @Test
    void demotions_surviveJson_andTheLedgersForm() throws IOException {
        Told told = fold(noise("Noisy", "v1", true, 0, 6));
        Demotion demotion = told.of("Noisy").demotions().get(0);
        assertThat(Demotion.read(new ObjectMapper()
                        .readTree(told.of("Noisy").write())
                        .path("demotions")
                        .get(0)))
                .isEqualTo(demotion);
        Ledger ledger = LedgerFold.read(told.store, 0, Stories.COST);
        Ledger read = LedgerJson.read(LedgerJson.write(ledger), Stories.COST);
        assertThat(read.demotion("Noisy", SINCE)).contains(demotion);
        assertThat(read.record("Noisy", START + 7 * DAY, 28).pages()).isEqualTo(4);
    }
}
