// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static io.conjunct.record.Stories.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.record.Gate.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GateTest {
    private static Decision judge(Stories stories) {
        return Gate.judge(stories.ledger(), "noisy", NOW, 28).decision();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, NOT_ENOUGH_DATA",
        "0, 3, FLAG",
        "0, 4, PROPOSE_TICKET",
        "1, 4, KEEP",
        "1, 6, FLAG",
        "1, 7, PROPOSE_TICKET",
        "2, 8, FLAG",
        "2, 10, PROPOSE_TICKET",
        "3, 11, FLAG",
        "3, 12, PROPOSE_TICKET",
        "4, 13, FLAG",
        "4, 15, PROPOSE_TICKET",
        "6, 12, KEEP"
    })
    void rule_whoseIncidentsOthersToldToo_isJudgedByItsCounts(int real, int judged, Decision expected) {
        assertThat(judge(new Stories().rule("noisy", real, judged).toldAlsoBy("other", "noisy")))
                .isEqualTo(expected);
    }

    @Test
    void rule_thatAloneToldOfAnIncident_isNeverDemoted() {
        assertThat(judge(new Stories().rule("noisy", 1, 20))).isEqualTo(Decision.PROTECTED);
        assertThat(judge(new Stories().rule("noisy", 0, 20))).isEqualTo(Decision.PROPOSE_TICKET);
    }

    @Test
    void rule_thatCaughtAMajorIncident_isNotDemotedFor90Days() {
        Stories stories = new Stories().rule("noisy", 0, 8);
        stories.pages.add(Stories.page("noisy", "big", NOW - 80 * Stories.DAY));
        stories.verdicts.add(Stories.said("big", Verdict.Kind.INCIDENT, NOW - 80 * Stories.DAY)
                .asMajor());
        assertThat(judge(stories)).isEqualTo(Decision.PROTECTED);

        Stories older = new Stories().rule("noisy", 0, 8);
        older.pages.add(Stories.page("noisy", "big", NOW - 91 * Stories.DAY));
        older.verdicts.add(Stories.said("big", Verdict.Kind.INCIDENT, NOW - 91 * Stories.DAY)
                .asMajor());
        assertThat(judge(older)).isEqualTo(Decision.PROPOSE_TICKET);
    }

    @Test
    void priorityOne_protectsBeforeAnybodyJudged_butNotWhatWasNoise() {
        Stories stories = new Stories().rule("noisy", 0, 8);
        long at = NOW - 3 * Stories.DAY;
        stories.pages.add(Stories.page("noisy", "big", at));
        stories.verdicts.add(Verdict.implied("big", Verdict.Kind.INCIDENT, "", "PagerDuty", at, 0.8, "priority P1")
                .asMajor());
        assertThat(judge(stories)).isEqualTo(Decision.PROTECTED);

        stories.verdicts.add(Stories.said("big", Verdict.Kind.NOISE, at + 1));
        assertThat(judge(stories)).isEqualTo(Decision.PROPOSE_TICKET);
    }

    @Test
    void evidence_thatNobodySaid_judgesNothing() {
        Stories stories = new Stories();
        for (int i = 0; i < 50; i++) {
            stories.pages.add(Stories.page("noisy", "e" + i, NOW - i * Stories.HOUR));
            stories.verdicts.add(Verdict.implied(
                    "e" + i,
                    Verdict.Kind.NOISE,
                    "",
                    "Conjunct",
                    NOW - i * Stories.HOUR,
                    0.5,
                    "over before anybody took it"));
        }
        assertThat(judge(stories)).isEqualTo(Decision.NOT_ENOUGH_DATA);
    }

    @Test
    void flapping_isOneTrial() {
        Stories stories = new Stories();
        for (int i = 0; i < 8; i++) {
            long at = NOW - Stories.DAY + i * 1_200_000L;
            stories.pages.add(Stories.worked(Stories.page("noisy", "e" + i, at), 1, 5, 1));
            stories.verdicts.add(Stories.said("e" + i, Verdict.Kind.NOISE, at + 60_000));
        }
        TrackRecord record = stories.record("noisy");

        assertThat(record.pages()).isEqualTo(8);
        assertThat(record.judgedEpisodes()).isEqualTo(1);
        assertThat(judge(stories)).isEqualTo(Decision.NOT_ENOUGH_DATA);
    }

    @Test
    void history_isTheSameInEveryReplayAndOrderOfArrival() {
        Stories stories = new Stories()
                .rule("noisy", 0, 9)
                .rule("good", 5, 6)
                .rule("mixed", 2, 12)
                .toldAlsoBy("other", "mixed");
        List<TierHistory.Change> history = TierHistory.of(stories.ledger(), 28);

        assertThat(history)
                .filteredOn(change -> change.rule().equals("noisy"))
                .extracting(TierHistory.Change::decision)
                .containsExactly(Decision.NOT_ENOUGH_DATA, Decision.FLAG, Decision.PROPOSE_TICKET);
        for (long seed = 0; seed < 20; seed++) {
            assertThat(TierHistory.of(stories.shuffled(seed), 28))
                    .as("seed %d", seed)
                    .isEqualTo(history);
        }
    }
}
