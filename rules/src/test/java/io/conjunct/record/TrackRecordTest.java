// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.record;

import static io.conjunct.record.Stories.DAY;
import static io.conjunct.record.Stories.HOUR;
import static io.conjunct.record.Stories.NOW;
import static io.conjunct.record.Stories.page;
import static io.conjunct.record.Stories.said;
import static io.conjunct.record.Stories.worked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.conjunct.record.Verdict.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class TrackRecordTest {
    private final Stories stories = new Stories();

    /** By hand: worked 30+60+120+120+10+45+0+90+240+20+15+5 = 755 min, changes 8 x 15 + 4 x 25 = 220 min. */
    @Test
    void hours_ofTwelvePages_areThoseComputedByHand() {
        int[][] plan = {
            // hour of day, ack, end, people, stated minutes (-1: none): worked minutes
            {10, 5, 35, 1, -1}, // 30
            {11, 0, 30, 2, -1}, // 2 x 30 = 60
            {12, 10, 400, 1, -1}, // capped to 120
            {13, 1, 181, 1, -1}, // capped to 120
            {23, 2, 12, 1, -1}, // 10, night
            {22, 15, 60, 1, -1}, // 45, night
            {7, -1, 3, 1, -1}, // nobody took it: 0, night
            {8, 0, 90, 1, -1}, // 90
            {15, 0, 20, 1, 240}, // stated, above the cap: 240
            {16, 4, 24, 1, -1}, // 20
            {3, 1, 16, 1, -1}, // 15, night
            {21, 0, 5, 1, -1}, // 5
        };
        for (int i = 0; i < plan.length; i++) {
            int[] each = plan[i];
            Page page = page("rule", "e" + i, NOW - 12 * HOUR - (i + 1) * DAY + each[0] * HOUR);
            page = each[1] < 0 ? page : worked(page, each[1], each[2], each[3]);
            stories.pages.add(page);
            if (each[4] >= 0) {
                stories.verdicts.add(Stories.worked("e" + i, each[4], NOW - 1));
            }
            stories.verdicts.add(said("e" + i, i < 6 ? Kind.NOISE : Kind.INCIDENT, NOW));
        }
        TrackRecord record = stories.record("rule");

        assertThat(record.hours()).isCloseTo((755 + 220) / 60.0, within(0.05));
        // The first six: 30 + 60 + 120 + 120 + 10 + 45, four changes by day and two by night.
        assertThat(record.wastedHours()).isCloseTo((385 + 4 * 15 + 2 * 25) / 60.0, within(0.05));
        assertThat(record.unrecoveredHoursPerWeek()).isCloseTo(record.wastedHours() / 4, within(1e-9));
        assertThat(record.atNight()).isEqualTo(4);
        assertThat(record.falsePagesPerWeek()).isEqualTo(1.5);
    }

    @Test
    void ratio_isTheProductOfBothFactors() {
        stories.rule("rule", 3, 5);
        for (int i = 0; i < 3; i++) {
            stories.pages.add(page("rule", "again" + i, NOW - 30 * 60_000L * (i + 1)));
            stories.verdicts.add(Stories.repeats("again" + i, "rule4", NOW));
        }
        TrackRecord record = stories.record("rule");

        assertThat(record.incidents()).isEqualTo(3);
        assertThat(record.real()).isEqualTo(6);
        assertThat(record.precision()).hasValue(0.75);
        assertThat(record.pagesPerIncident()).hasValue(2);
        assertThat(record.ratio().orElseThrow())
                .isCloseTo(
                        1
                                / record.precision().orElseThrow()
                                * record.pagesPerIncident().orElseThrow(),
                        within(1e-12));
        assertThat(record.sentence()).isEqualTo("8 pages, 3 incidents in 28 d");
    }

    @Test
    void ratio_belowHalfCoverage_isNotShown_butItsBoundsAre() {
        stories.rule("rule", 1, 2);
        for (int i = 0; i < 3; i++) {
            stories.pages.add(page("rule", "open" + i, NOW - (i + 1) * DAY));
        }
        TrackRecord record = stories.record("rule");

        assertThat(record.coverage()).isEqualTo(0.4);
        assertThat(record.ratio()).isEmpty();
        assertThat(record.ratioAtBest()).isEqualTo(5 / 4.0);
        assertThat(record.ratioAtWorst()).isEqualTo(5);
        assertThat(record.sentence()).isEqualTo("5 pages, 1 incident, 3 without a verdict in 28 d");
    }

    @Test
    void verdict_saidLast_holds_andDrillsCountNowhere() {
        stories.pages.add(page("rule", "a", NOW - DAY));
        stories.pages.add(page("rule", "b", NOW - 2 * DAY));
        stories.verdicts.add(said("a", Kind.INCIDENT, NOW - 3));
        stories.verdicts.add(said("a", Kind.NOISE, NOW - 2));
        stories.verdicts.add(said("b", Kind.TEST, NOW - 2));
        assertThat(stories.record("rule"))
                .returns(1, TrackRecord::noise)
                .returns(0, TrackRecord::incidents)
                .returns(1, TrackRecord::tests)
                .returns(1.0, TrackRecord::coverage);

        stories.verdicts.add(said("a", Kind.UNKNOWN, NOW - 1));
        assertThat(stories.record("rule")).returns(1, TrackRecord::unknown);
    }

    @Test
    void duplicates_inACircleOrOfTheUnknown_areUnknown_andOfNoiseAreNoise() {
        for (String episode : new String[] {"a", "b", "c", "d", "e"}) {
            stories.pages.add(page("rule", episode, NOW - DAY));
        }
        stories.verdicts.add(Stories.repeats("a", "b", NOW));
        stories.verdicts.add(Stories.repeats("b", "a", NOW));
        stories.verdicts.add(Stories.repeats("c", "nowhere", NOW));
        stories.verdicts.add(said("d", Kind.NOISE, NOW));
        stories.verdicts.add(Stories.repeats("e", "d", NOW));

        assertThat(stories.record("rule")).returns(3, TrackRecord::unknown).returns(2, TrackRecord::noise);
    }

    @Test
    void revisions_splitTheRecord_andOneIncidentAtTheProviderIsOne() {
        stories.pages.add(Stories.inIncident(page("rule", "a", NOW - 2 * DAY), "PD1", "r1"));
        stories.pages.add(Stories.inIncident(page("rule", "b", NOW - DAY), "PD1", "r2"));
        stories.verdicts.add(said("a", Kind.INCIDENT, NOW));
        stories.verdicts.add(said("b", Kind.INCIDENT, NOW));

        assertThat(stories.record("rule")).returns(1, TrackRecord::incidents).returns(2, TrackRecord::real);
        assertThat(stories.ledger().byRevision("rule", NOW, 28))
                .extracting(TrackRecord::revision)
                .containsExactly("r1", "r2");
    }

    @Test
    void recall_countsWhatShadowSawAndWhatNobodyPagedFor_alsoAfterJson() throws Exception {
        stories.rule("rule", 2, 2);
        stories.pages.add(Stories.shadow(page("rule", "quiet", NOW - DAY)));
        stories.verdicts.add(said("quiet", Kind.INCIDENT, NOW));
        stories.missed.add(new MissedIncident("INC-7", "rule", NOW - DAY));
        stories.missed.add(new MissedIncident("INC-1", "rule", NOW - 60 * DAY));
        TrackRecord record = stories.record("rule");

        assertThat(record.pages()).isEqualTo(2);
        assertThat(record.caught()).isEqualTo(3);
        assertThat(record.recall()).hasValue(0.75);

        Ledger read = LedgerJson.read(LedgerJson.write(stories.ledger()), Stories.COST);
        assertThat(read.record("rule", NOW, 28)).isEqualTo(record);
        assertThat(read.pages()).isEqualTo(stories.ledger().pages());
    }

    @Test
    void recovered_isAgainstTheFrozenBaseline() {
        stories.rule("rule", 0, 4);
        for (int i = 0; i < 12; i++) {
            stories.pages.add(page("rule", "old" + i, NOW - 30 * DAY - i * DAY));
            stories.verdicts.add(said("old" + i, Kind.NOISE, NOW));
        }
        TrackRecord baseline = stories.ledger().record("rule", NOW - 28 * DAY, 28);
        TrackRecord now = stories.record("rule");

        assertThat(now.recoveredHoursPerWeek(baseline))
                .isCloseTo((baseline.wastedHours() - now.wastedHours()) / 4, within(1e-9));
        assertThat(now.recoveredHoursPerWeek(baseline)).isPositive();
    }

    @Test
    void spread_isMedianAndNinetiethPercentile() {
        for (int i = 1; i <= 11; i++) {
            stories.pages.add(worked(page("rule", "e" + i, NOW - i * DAY), i, 10 * i, 1));
        }
        assertThat(stories.record("rule").toAck()).isEqualTo(new Spread(11, 360, 600));
        assertThat(stories.record("rule").toEnd().medianSeconds()).isEqualTo(3_600);
        assertThat(stories.record("nothing").toAck().medianSeconds()).isNaN();
    }

    @Test
    void json_readsWhatItWrites_andRefusesTheRest() throws Exception {
        Verdict verdict = Stories.repeats("v1:a", "v1:b", NOW).asMajor();

        assertThat(StatementJson.read(StatementJson.write(verdict))).isEqualTo(verdict);
        Statement missed = new MissedIncident("INC-7", "rule", NOW);
        assertThat(StatementJson.read(StatementJson.write(missed))).isEqualTo(missed);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> StatementJson.read("{\"key\": \"a\"}"))
                .isInstanceOf(IOException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> Stories.repeats("a", "a", NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> said("", Kind.NOISE, NOW));
    }
}
